module go3s.example/hello

go 1.26
