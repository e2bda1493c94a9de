module go3s.example/inspect

go 1.26
