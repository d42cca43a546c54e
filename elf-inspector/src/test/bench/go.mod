module rookery.test/classify

go 1.22
