package io.maestro.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.identity.Role;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.tenancy.Members.Expected;
import io.maestro.api.tenancy.Members.Grant;
import io.maestro.api.tenancy.Members.Member;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JooqMembersTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Actor ACTOR = Actor.system("test");
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Expected ANYTHING = new Expected.Anything();
    private static final String ANNA = "oidc:acme/login#https://id.example/users/anna|1";

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    private final Instant now = Instant.parse("2026-05-05T05:05:05.123456789Z");
    private final JooqTenants tenants =
            new JooqTenants(database, new Holdings(new JooqDepartures(database, () -> now), List.of()), () -> now);
    private final JooqMembers members = new JooqMembers(database, tenants, () -> now);

    @BeforeAll
    static void open() {
        database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
        database.migrate(JooqTenants.MIGRATIONS);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("truncate tenancy.tenant, tenancy.environment, tenancy.member, tenancy.offboarding,"
                    + " tenancy.offboarding_part");
        }
        tenants.create(ACME, "Acme", ACTOR);
        tenants.create(GLOBEX, "Globex", ACTOR);
    }

    @Test
    void makesAPrincipalAMemberOfOneTenant() {
        Member made = members.put(ACME, ANNA, grant("dev", Role.AUDITOR, Role.TENANT_DEVELOPER), ANYTHING, ACTOR);

        assertThat(made.revision()).isEqualTo(1);
        assertThat(members.member(ACME, ANNA)).contains(made);
        assertThat(made.grant().roles()).containsExactly(Role.TENANT_DEVELOPER, Role.AUDITOR);
        assertThat(members.member(GLOBEX, ANNA)).isEmpty();
        assertThat(members.member(ACME, "oidc:other")).isEmpty();
        assertThat(members.member(ACME, "\0")).isEmpty();
    }

    @Test
    void changesAMemberAndCountsTheRevision() {
        members.put(ACME, ANNA, grant(null, Role.AUDITOR), ANYTHING, ACTOR);
        Member changed = members.put(ACME, ANNA, grant("prod", Role.TENANT_ADMIN), new Expected.Revision(1), ACTOR);

        assertThat(changed.revision()).isEqualTo(2);
        assertThat(members.member(ACME, ANNA)).contains(changed);
        assertThat(members.put(ACME, ANNA, changed.grant(), ANYTHING, ACTOR)).isEqualTo(changed);
    }

    @Test
    void tellsBeforehandWhatWouldChangeAndFailsAsTheChangeWould() {
        assertThat(members.before(ACME, ANNA, grant("dev", Role.AUDITOR), ANYTHING))
                .isEmpty();
        assertThat(members.member(ACME, ANNA)).isEmpty();
        Member made = members.put(ACME, ANNA, grant("dev", Role.AUDITOR), ANYTHING, ACTOR);

        assertThat(members.before(ACME, ANNA, grant(null, Role.TENANT_ADMIN), new Expected.Revision(1)))
                .contains(made);
        assertThat(members.before(ACME, ANNA, null, ANYTHING)).contains(made);
        assertThat(members.member(ACME, ANNA)).contains(made);
        assertCode(
                () -> members.before(ACME, ANNA, grant(null, Role.AUDITOR), new Expected.Absence()),
                "revision-changed");
        assertCode(() -> members.before(ACME, "oidc:nobody", null, ANYTHING), "member-unknown");
        assertCode(() -> members.before(ACME, ANNA, grant("moon", Role.AUDITOR), ANYTHING), "environment-unknown");
        assertCode(
                () -> members.before(new TenantId("moon"), ANNA, grant(null, Role.AUDITOR), ANYTHING),
                "tenant-unknown");
        assertCode(() -> members.before(ACME, ANNA, grant(null, Role.PLATFORM_ADMIN), ANYTHING), "invalid-request");
    }

    @Test
    void refusesAChangeOfWhatHasChanged() {
        assertCode(() -> put(new Expected.Revision(1)), "revision-changed");
        put(new Expected.Absence());
        assertCode(() -> put(new Expected.Absence()), "revision-changed");
        assertCode(() -> put(new Expected.Revision(2)), "revision-changed");
        assertCode(() -> members.remove(ACME, ANNA, 7L, ACTOR), "revision-changed");
        members.remove(ACME, ANNA, 1L, ACTOR);
        assertCode(() -> members.remove(ACME, ANNA, null, ACTOR), "member-unknown");
    }

    @Test
    void letsOneOfManyMakeTheFirstRevision() throws Exception {
        List<Future<Member>> asked = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                asked.add(callers.submit(() -> put(new Expected.Absence())));
            }
        }
        assertThat(asked).filteredOn(one -> one.state() == Future.State.SUCCESS).hasSize(1);
        assertThat(asked)
                .filteredOn(one -> one.state() == Future.State.FAILED)
                .hasSize(5)
                .allSatisfy(one -> assertThat(one.exceptionNow()).hasMessageStartingWith("revision-changed"));
    }

    @Test
    void pagesThroughMembersByPrincipal() {
        List<String> names = List.of("a", "B", "ı", "z:1", "é", "_");
        names.forEach(name -> members.put(ACME, name, grant(null, Role.SERVICE), ANYTHING, ACTOR));
        List<String> seen = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Page<Member> page = members.members(ACME, new PageRequest(2, cursor));
            page.items().forEach(member -> seen.add(member.principal()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(names.stream().sorted().toList());
        assertThat(members.members(GLOBEX, PageRequest.first()).items()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "line\nbreak", "null\0", "\ud800", "\u2028"})
    void refusesAnOddPrincipal(String odd) {
        assertCode(() -> members.put(ACME, odd, grant(null, Role.AUDITOR), ANYTHING, ACTOR), "invalid-request");
        assertCode(
                () -> members.put(ACME, "x".repeat(201), grant(null, Role.AUDITOR), ANYTHING, ACTOR),
                "invalid-request");
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"PLATFORM_ADMIN", "PUBLISHER", "REVIEWER"})
    void grantsOnlyRolesOfATenant(Role role) {
        assertCode(() -> members.put(ACME, ANNA, grant(null, role), ANYTHING, ACTOR), "invalid-request");
        assertCode(() -> members.put(ACME, ANNA, grant(null), ANYTHING, ACTOR), "invalid-request");
    }

    @Test
    void refusesAMemberOfWhatIsNotThere() {
        assertCode(() -> members.put(ACME, ANNA, grant("moon", Role.AUDITOR), ANYTHING, ACTOR), "environment-unknown");
        TenantId nobody = new TenantId("nobody");
        assertCode(() -> members.put(nobody, ANNA, grant(null, Role.AUDITOR), ANYTHING, ACTOR), "tenant-unknown");
        assertCode(() -> members.members(nobody, PageRequest.first()), "tenant-unknown");
    }

    private Member put(Expected expected) {
        return members.put(ACME, ANNA, grant(null, Role.AUDITOR), expected, ACTOR);
    }

    private static Grant grant(@Nullable String environment, Role... roles) {
        return new Grant("Anna Ş.", Set.of(roles), environment == null ? null : new Environment(environment));
    }

    private static void assertCode(ThrowingCallable act, String code) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
