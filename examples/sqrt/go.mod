module rookery.example/sqrt

go 1.24
