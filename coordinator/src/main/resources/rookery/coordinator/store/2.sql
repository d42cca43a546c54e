-- What a job plans is written once, beside what becomes of it: a lease then rewrites a few bytes. The
-- first form kept both in one row. Whoever submitted a job that ran under it can submit it again, and
-- what it made is recalled.
update job set status = 'cancelled', ended_ms = submitted_ms where status = 'running';
drop table step;
alter table job add column plan_only integer not null default 0;
create index job_by_time on job (submitted_ms, id);
create index job_running on job (id) where status = 'running';
create table plan (
    job          text not null references job (id),
    part         integer not null,
    steps        blob not null,
    primary key (job, part)
);
create table step (
    job          text not null references job (id),
    id           text not null,
    state        text not null,
    attempts     integer not null,
    forgiven     integer not null,
    agents_lost  integer not null,
    lease        bigint,
    agent        text,
    incarnation  bigint,
    step_key     text,
    made         blob,
    failure      blob,
    why          text,
    not_before_ms bigint,
    avoid        text,
    started_ms   bigint,
    ended_ms     bigint,
    primary key (job, id)
);
create table agent (
    id           text primary key,
    standing     text not null,
    why          text not null,
    since_ms     bigint not null,
    times        integer not null
);
create table duration (
    kind         text not null,
    subject      text not null,
    chost        text not null,
    toolchain    text not null,
    agent_class  text not null,
    millis       bigint not null,
    peak_bytes   bigint not null,
    lessons      bigint not null,
    stamp        bigint not null,
    primary key (subject, chost, agent_class, kind, toolchain)
);
