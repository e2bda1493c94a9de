module go3s.test/https

go 1.26
