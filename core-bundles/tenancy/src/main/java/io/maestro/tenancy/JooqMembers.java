package io.maestro.tenancy;

import static io.maestro.tenancy.tables.tenancy.Tables.MEMBER;
import static io.maestro.tenancy.tables.tenancy.Tables.TENANT;

import io.maestro.api.identity.Role;
import io.maestro.api.tenancy.Members;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import io.maestro.tenancy.tables.tenancy.tables.records.MemberRecord;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Members as rows. */
final class JooqMembers implements Members {
    private static final String LIST = "members";
    private static final int LONGEST_PRINCIPAL = 200;

    private final Database database;
    private final Tenants tenants;
    private final InstantSource clock;

    JooqMembers(Database database, Tenants tenants, InstantSource clock) {
        this.database = database;
        this.tenants = tenants;
        this.clock = clock;
    }

    @Override
    public Optional<Member> member(TenantId tenant, String principal) {
        if (!wellFormed(principal)) {
            return Optional.empty();
        }
        return database.inTenant(
                tenant,
                sql -> sql.select(MEMBER.asterisk())
                        .from(MEMBER)
                        .join(TENANT)
                        .on(TENANT.TENANT_ID.eq(MEMBER.TENANT_ID))
                        .where(is(tenant, principal).and(TENANT.STATE.eq(JooqTenants.ACTIVE)))
                        .fetchOptional(row -> member(row.into(MEMBER))));
    }

    @Override
    public Page<Member> members(TenantId tenant, PageRequest page) {
        tenants.tenant(tenant);
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> MEMBER.PRINCIPAL.gt(after.text(0)))
                .orElseGet(DSL::noCondition);
        List<Member> found = database.inTenant(
                tenant,
                sql -> sql.selectFrom(MEMBER)
                        .where(MEMBER.TENANT_ID.eq(tenant.value()).and(start))
                        .orderBy(MEMBER.PRINCIPAL)
                        .limit(page.limit() + 1)
                        .fetch(JooqMembers::member));
        return Cursor.page(page, found, last -> Cursor.at(LIST, last.principal()));
    }

    @Override
    public Member put(TenantId tenant, String principal, Grant grant, Expected expected, Actor actor) {
        check(principal, grant);
        OffsetDateTime now = now();
        return database.act(tenant, actor, sql -> {
            tenants.hold(new JooqTransaction(sql), tenant, grant.environment());
            Optional<Member> before = locked(sql, tenant, principal);
            require(expected, before.orElse(null), principal);
            if (before.isPresent() && before.get().grant().equals(grant)) {
                return Act.unchanged(before.get());
            }
            long revision = before.map(Member::revision).orElse(0L) + 1;
            MemberRecord row = sql.newRecord(MEMBER);
            row.setTenantId(tenant.value());
            row.setPrincipal(principal);
            row.setDisplayName(grant.displayName());
            row.setRoles(String.join(" ", words(grant.roles())));
            row.setEnvironment(
                    grant.environment() == null ? null : grant.environment().value());
            row.setRevision(revision);
            row.setCreatedAt(before.map(member -> member.createdAt().atOffset(ZoneOffset.UTC))
                    .orElse(now));
            row.setUpdatedAt(now);
            if (before.isPresent()) {
                sql.update(MEMBER).set(row).where(is(tenant, principal)).execute();
            } else if (sql.insertInto(MEMBER).set(row).onConflictDoNothing().execute() == 0) {
                throw JooqTenants.changed("somebody made " + principal + " a member at the same time");
            }
            Member after = member(row);
            Subject subject = Subject.of("member", principal);
            return Act.done(
                    after,
                    before.map(was -> Fact.changed("member.change", subject, json(was), json(after)))
                            .orElseGet(() -> Fact.made("member.add", subject, json(after))));
        });
    }

    @Override
    public void remove(TenantId tenant, String principal, @Nullable Long revision, Actor actor) {
        database.act(tenant, actor, sql -> {
            Member before = locked(sql, tenant, principal).orElseThrow(() -> unknown(tenant, principal));
            if (revision != null) {
                require(new Expected.Revision(revision), before, principal);
            }
            return Act.done(
                    sql.deleteFrom(MEMBER).where(is(tenant, principal)).execute(),
                    Fact.removed("member.remove", Subject.of("member", principal), json(before)));
        });
    }

    @Override
    public Optional<Member> before(TenantId tenant, String principal, @Nullable Grant grant, Expected expected) {
        if (grant != null) {
            check(principal, grant);
            Environment environment = grant.environment();
            if (environment != null) {
                tenants.require(new Scope(tenant, environment));
            }
        }
        Optional<Member> present = database.inTenant(tenant, sql -> {
            if (grant != null) {
                JooqTenants.requireThere(sql, tenant);
            }
            return sql.selectFrom(MEMBER).where(is(tenant, principal)).fetchOptional(JooqMembers::member);
        });
        if (grant == null && present.isEmpty()) {
            throw unknown(tenant, principal);
        }
        require(expected, present.orElse(null), principal);
        return present;
    }

    static ProblemException unknown(TenantId tenant, String principal) {
        return Problem.of(
                        TenancyProblem.MEMBER_UNKNOWN,
                        "the tenant \"" + tenant + "\" has no such member",
                        "List its members.")
                .asException();
    }

    private static void require(Expected expected, @Nullable Member present, String principal) {
        boolean holds = switch (expected) {
            case Expected.Anything anything -> true;
            case Expected.Absence absence -> present == null;
            case Expected.Revision revision -> present != null && present.revision() == revision.value();
        };
        if (!holds) {
            throw JooqTenants.changed(
                    present == null
                            ? principal + " is no member"
                            : principal + " is a member at revision " + present.revision());
        }
    }

    private static Optional<Member> locked(DSLContext sql, TenantId tenant, String principal) {
        return sql.selectFrom(MEMBER).where(is(tenant, principal)).forUpdate().fetchOptional(JooqMembers::member);
    }

    private static Condition is(TenantId tenant, String principal) {
        return MEMBER.TENANT_ID.eq(tenant.value()).and(MEMBER.PRINCIPAL.eq(principal));
    }

    private static Member member(MemberRecord row) {
        String environment = row.getEnvironment();
        return new Member(
                new TenantId(row.getTenantId()),
                row.getPrincipal(),
                new Grant(
                        row.getDisplayName(),
                        roles(row.getRoles()),
                        environment == null ? null : new Environment(environment)),
                row.getRevision(),
                row.getCreatedAt().toInstant(),
                row.getUpdatedAt().toInstant());
    }

    private static Json json(Member member) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("displayName", member.grant().displayName());
        members.put("roles", words(member.grant().roles()));
        members.put("environment", member.grant().environment());
        members.put("revision", member.revision());
        return Json.object(members);
    }

    private static void check(String principal, Grant grant) {
        JooqTenants.checkDisplayName(grant.displayName());
        if (!wellFormed(principal)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the principal is empty, longer than " + LONGEST_PRINCIPAL
                                    + " characters or has control characters or blanks",
                            "Give the id as whoami shows it.")
                    .asException();
        }
        if (grant.roles().isEmpty() || !grant.roles().stream().allMatch(Role::withinTenant)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the roles are none, or not those of a tenant",
                            "Give one or more of "
                                    + String.join(
                                            ", ",
                                            words(Arrays.stream(Role.values())
                                                    .filter(Role::withinTenant)
                                                    .toList()))
                                    + ".")
                    .asException();
        }
    }

    private static List<String> words(Collection<Role> roles) {
        return roles.stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList();
    }

    private static Set<Role> roles(String words) {
        return Arrays.stream(words.split(" ", -1))
                .map(word -> Role.valueOf(word.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
    }

    private static boolean wellFormed(String principal) {
        return !principal.isEmpty()
                && principal.length() <= LONGEST_PRINCIPAL
                && principal
                        .codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || Character.isWhitespace(c)
                                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    /** As PostgreSQL keeps it: what is returned now equals what is read later. */
    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
