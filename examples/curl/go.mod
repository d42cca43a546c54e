module rookery.example/curl-version

go 1.24
