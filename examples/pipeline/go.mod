module go3s.example/pipeline

go 1.26
