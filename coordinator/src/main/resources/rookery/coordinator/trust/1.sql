create table token (
    id           text primary key,
    secret_hash  text not null,
    role         text not null,
    name         text not null,
    created_ms   integer not null,
    expires_ms   integer not null,
    created_by   text not null,
    used_ms      integer,
    used_by      text,
    used_key     text,
    revoked_ms   integer
);
create table certificate (
    serial       text primary key,
    role         text not null,
    name         text not null,
    not_before_ms integer not null,
    not_after_ms integer not null,
    token        text not null,
    revoked_ms   integer
);
create index certificate_end on certificate (not_after_ms);
