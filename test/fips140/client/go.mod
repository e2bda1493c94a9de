module fips140test

go 1.26
