module go3s.example/wordcount

go 1.26
