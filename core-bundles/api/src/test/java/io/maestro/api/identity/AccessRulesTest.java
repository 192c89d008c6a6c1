package io.maestro.api.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AccessRulesTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Environment DEV = new Environment("dev");
    private static final Environment PROD = new Environment("prod");

    /** Each line: what principals of acme may do to which tenant and environment; "-" is yes, else the rule against it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            action         | tenant | environment | platform | admin           | developer       | admin of dev         | developer of dev
            SELF           |        |             | -        | -               | -               | -                    | -
            PLATFORM_READ  |        |             | -        | -               | -               | -                    | -
            TENANT_LIST    |        |             | -        | -               | -               | -                    | -
            PLATFORM_WRITE |        |             | -        | role            | role            | role                 | role
            PLATFORM_AUDIT |        |             | -        | role            | role            | role                 | role
            PLATFORM_WRITE | acme   |             | -        | role            | role            | role                 | role
            PLATFORM_AUDIT | acme   | dev         | -        | role            | role            | role                 | role
            ARTIFACT_SUBMIT |       |             | -        | role            | role            | role                 | role
            QUARANTINE_READ |       |             | -        | role            | role            | role                 | role
            TENANT_READ    | acme   |             | -        | -               | -               | environment-boundary | environment-boundary
            TENANT_READ    | acme   | dev         | -        | -               | -               | -                    | -
            TENANT_READ    | acme   | prod        | -        | -               | -               | environment-boundary | environment-boundary
            TENANT_READ    | globex |             | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_READ    | globex | dev         | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_READ    |        |             | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_CALL    | acme   |             | -        | -               | -               | environment-boundary | environment-boundary
            TENANT_CALL    | acme   | dev         | -        | -               | -               | -                    | -
            TENANT_CALL    | acme   | prod        | -        | -               | -               | environment-boundary | environment-boundary
            TENANT_CALL    | globex | dev         | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_CALL    |        |             | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_WRITE   | acme   |             | -        | -               | role            | environment-boundary | environment-boundary
            TENANT_WRITE   | acme   | dev         | -        | -               | role            | -                    | role
            TENANT_WRITE   | acme   | prod        | -        | -               | role            | environment-boundary | environment-boundary
            TENANT_WRITE   | globex |             | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_WRITE   | globex | dev         | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_WRITE   |        |             | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            TENANT_AUDIT   | acme   |             | -        | -               | role            | environment-boundary | environment-boundary
            TENANT_AUDIT   | acme   | dev         | -        | -               | role            | -                    | role
            TENANT_AUDIT   | globex | dev         | -        | tenant-boundary | tenant-boundary | tenant-boundary      | tenant-boundary
            """)
    void letsEachRoleDoWhatItMayAndNoMore(
            Action action,
            @Nullable String tenant,
            @Nullable String environment,
            String platform,
            String admin,
            String developer,
            String adminOfDev,
            String developerOfDev) {
        TenantId where = tenant == null ? null : new TenantId(tenant);
        Environment stage = environment == null ? null : new Environment(environment);
        assertThat(rule(principal(Role.PLATFORM_ADMIN, null, null), action, where, stage))
                .isEqualTo(platform);
        assertThat(rule(principal(Role.TENANT_ADMIN, ACME, null), action, where, stage))
                .isEqualTo(admin);
        assertThat(rule(principal(Role.TENANT_DEVELOPER, ACME, null), action, where, stage))
                .isEqualTo(developer);
        assertThat(rule(principal(Role.TENANT_ADMIN, ACME, DEV), action, where, stage))
                .isEqualTo(adminOfDev);
        assertThat(rule(principal(Role.TENANT_DEVELOPER, ACME, DEV), action, where, stage))
                .isEqualTo(developerOfDev);
    }

    /** The same for the roles that are not of people who run things. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            action          | tenant | publisher | reviewer | auditor | service | auditor of acme | service of acme | nobody
            SELF            |        | -         | -        | -       | -       | -               | -               | -
            PLATFORM_READ   |        | -         | -        | -       | -       | -               | -               | role
            PLATFORM_WRITE  |        | role      | role     | role    | role    | role            | role            | role
            PLATFORM_AUDIT  |        | role      | role     | -       | role    | role            | role            | role
            TENANT_LIST     |        | role      | role     | -       | -       | -               | -               | role
            ARTIFACT_SUBMIT |        | -         | role     | role    | role    | role            | role            | role
            QUARANTINE_READ |        | -         | -        | -       | role    | role            | role            | role
            TENANT_READ     | acme   | role      | role     | -       | -       | -               | -               | role
            TENANT_CALL     | acme   | role      | role     | role    | -       | role            | -               | role
            TENANT_WRITE    | acme   | role      | role     | role    | role    | role            | role            | role
            TENANT_AUDIT    | acme   | role      | role     | -       | role    | -               | role            | role
            TENANT_READ     | globex | role      | role     | -       | -       | tenant-boundary | tenant-boundary | role
            """)
    void letsTheOtherRolesDoTheirPart(
            Action action,
            @Nullable String tenant,
            String publisher,
            String reviewer,
            String auditor,
            String service,
            String auditorOfAcme,
            String serviceOfAcme,
            String nobody) {
        TenantId where = tenant == null ? null : new TenantId(tenant);
        assertThat(rule(principal(Role.PUBLISHER, null, null), action, where, null))
                .isEqualTo(publisher);
        assertThat(rule(principal(Role.REVIEWER, null, null), action, where, null))
                .isEqualTo(reviewer);
        assertThat(rule(principal(Role.AUDITOR, null, null), action, where, null))
                .isEqualTo(auditor);
        assertThat(rule(principal(Role.SERVICE, null, null), action, where, null))
                .isEqualTo(service);
        assertThat(rule(principal(Role.AUDITOR, ACME, null), action, where, null))
                .isEqualTo(auditorOfAcme);
        assertThat(rule(principal(Role.SERVICE, ACME, null), action, where, null))
                .isEqualTo(serviceOfAcme);
        assertThat(rule(
                        new Principal("user:corp/1", "nobody", Set.of(), Map.of(), null, null, null),
                        action,
                        where,
                        null))
                .isEqualTo(nobody);
    }

    @Test
    void givesTheRightsOfAllRoles() {
        Principal both =
                new Principal("token:1", "both", Set.of(Role.AUDITOR, Role.SERVICE), Map.of(), ACME, null, null);
        assertThat(rule(both, Action.TENANT_CALL, ACME, PROD)).isEqualTo("-");
        assertThat(rule(both, Action.TENANT_AUDIT, ACME, PROD)).isEqualTo("-");
        assertThat(rule(both, Action.TENANT_WRITE, ACME, PROD)).isEqualTo("role");
        assertThat(rule(both, Action.TENANT_AUDIT, GLOBEX, PROD)).isEqualTo("tenant-boundary");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void knowsNoPrincipalWhoseRoleDoesNotFitItsTenant(Role role) {
        if (!role.withinTenant()) {
            assertThatThrownBy(() -> principal(role, ACME, null)).isInstanceOf(IllegalArgumentException.class);
        }
        if (!role.ofInstallation()) {
            assertThatThrownBy(() -> principal(role, null, null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            creator          | home | stage | wanted           | tenant | environment | rule
            PLATFORM_ADMIN   |      |       | PLATFORM_ADMIN   |        |             | -
            PLATFORM_ADMIN   |      |       | PUBLISHER        |        |             | -
            PLATFORM_ADMIN   |      |       | AUDITOR          |        |             | -
            PLATFORM_ADMIN   |      |       | SERVICE          | globex |             | -
            PLATFORM_ADMIN   |      |       | TENANT_DEVELOPER | globex | dev         | -
            TENANT_ADMIN     | acme |       | TENANT_ADMIN     | acme   |             | -
            TENANT_ADMIN     | acme |       | TENANT_DEVELOPER | acme   | prod        | -
            TENANT_ADMIN     | acme |       | AUDITOR          | acme   |             | -
            TENANT_ADMIN     | acme |       | SERVICE          | acme   | dev         | -
            TENANT_ADMIN     | acme |       | AUDITOR          |        |             | tenant-boundary
            TENANT_ADMIN     | acme |       | PLATFORM_ADMIN   |        |             | tenant-boundary
            TENANT_ADMIN     | acme |       | PLATFORM_ADMIN   | acme   |             | role
            TENANT_ADMIN     | acme |       | PUBLISHER        | acme   |             | role
            TENANT_ADMIN     | acme |       | REVIEWER         | acme   |             | role
            TENANT_ADMIN     | acme |       | TENANT_DEVELOPER | globex |             | tenant-boundary
            TENANT_ADMIN     | acme | dev   | TENANT_ADMIN     | acme   |             | environment-boundary
            TENANT_ADMIN     | acme | dev   | TENANT_ADMIN     | acme   | prod        | environment-boundary
            TENANT_ADMIN     | acme | dev   | TENANT_ADMIN     | acme   | dev         | -
            TENANT_DEVELOPER | acme |       | TENANT_DEVELOPER | acme   |             | role
            TENANT_DEVELOPER | acme | dev   | TENANT_DEVELOPER | acme   | dev         | role
            AUDITOR          |      |       | AUDITOR          |        |             | role
            SERVICE          |      |       | SERVICE          | acme   |             | role
            PUBLISHER        |      |       | PUBLISHER        |        |             | role
            """)
    void letsNobodyHandOutMoreThanTheyHave(
            Role creator,
            @Nullable String home,
            @Nullable String stage,
            Role wanted,
            @Nullable String tenant,
            @Nullable String environment,
            String rule) {
        Principal who = principal(
                creator, home == null ? null : new TenantId(home), stage == null ? null : new Environment(stage));
        assertThat(AccessRules.againstGrant(
                                who,
                                Set.of(wanted),
                                tenant == null ? null : new TenantId(tenant),
                                environment == null ? null : new Environment(environment))
                        .map(Rule::text)
                        .orElse("-"))
                .isEqualTo(rule);
    }

    private static Principal principal(Role role, @Nullable TenantId tenant, @Nullable Environment environment) {
        return Principal.of("token:1", "someone", role, tenant, environment);
    }

    private static String rule(
            Principal principal, Action action, @Nullable TenantId tenant, @Nullable Environment environment) {
        return AccessRules.against(principal, action, tenant, environment)
                .map(Rule::text)
                .orElse("-");
    }
}
