create table job (
    id           text primary key,
    request_id   text not null unique,
    spec         blob not null,
    push         integer not null,
    allow_drop   integer not null,
    status       text not null,
    failed_step  text,
    failure      blob,
    submitted_ms integer not null,
    ended_ms     integer
);
create table step (
    job          text not null references job (id),
    id           text not null,
    work         blob not null,
    needs        text not null,
    required     integer not null,
    state        text not null,
    lease        integer,
    agent        text,
    incarnation  integer,
    step_key     text,
    made         blob,
    recalled     integer not null,
    failure      blob,
    why          text,
    not_before_ms integer,
    attempts     integer not null,
    agents_lost  integer not null,
    avoid        text not null,
    started_ms   integer,
    ended_ms     integer,
    primary key (job, id)
);
create table result (
    step_key     text primary key,
    trust_domain text not null,
    kind         text not null,
    made         blob not null,
    built_by     text not null,
    built_ms     integer not null,
    job          text not null,
    step         text not null
);
create table counter (
    name         text primary key,
    value        integer not null
);
insert into counter (name, value) values ('next_lease', 1);
