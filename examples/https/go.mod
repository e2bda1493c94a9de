module go3s.example/https

go 1.26
