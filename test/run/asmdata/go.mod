module asmdata

go 1.26
