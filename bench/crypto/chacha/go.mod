module chacha

go 1.26
