alter table job add column plan_only integer not null default 0;
alter table step add column forgiven integer not null default 0;
create table agent (
    id           text primary key,
    standing     text not null,
    why          text not null,
    since_ms     bigint not null,
    times        integer not null
);
create index job_by_time on job (submitted_ms, id);
