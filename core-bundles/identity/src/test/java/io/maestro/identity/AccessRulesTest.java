package io.maestro.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessRulesTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Environment DEV = new Environment("dev");
    private static final Environment PROD = new Environment("prod");

    /** Each line: what principals of acme may do to which tenant and environment; "-" is yes, else the rule against it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            action         | tenant | environment | platform | admin           | developer       | admin of dev         | developer of dev
            PLATFORM_READ  |        |             | -        | -               | -               | -                    | -
            PLATFORM_WRITE |        |             | -        | role            | role            | role                 | role
            PLATFORM_AUDIT |        |             | -        | role            | role            | role                 | role
            PLATFORM_WRITE | acme   |             | -        | role            | role            | role                 | role
            PLATFORM_AUDIT | acme   | dev         | -        | role            | role            | role                 | role
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

    @Test
    void givesAPlatformAdminThatIsConfinedToATenantNothingBeyondIt() {
        Principal confined = principal(Role.PLATFORM_ADMIN, ACME, null);
        assertThat(rule(confined, Action.PLATFORM_WRITE, null, null)).isEqualTo("role");
        assertThat(rule(confined, Action.TENANT_WRITE, GLOBEX, PROD)).isEqualTo("tenant-boundary");
        assertThat(rule(confined, Action.TENANT_WRITE, ACME, PROD)).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            creator          | home | stage | wanted           | tenant | environment | rule
            PLATFORM_ADMIN   |      |       | PLATFORM_ADMIN   |        |             | -
            PLATFORM_ADMIN   |      |       | TENANT_DEVELOPER | globex | dev         | -
            TENANT_ADMIN     | acme |       | TENANT_ADMIN     | acme   |             | -
            TENANT_ADMIN     | acme |       | TENANT_DEVELOPER | acme   | prod        | -
            TENANT_ADMIN     | acme |       | PLATFORM_ADMIN   |        |             | tenant-boundary
            TENANT_ADMIN     | acme |       | PLATFORM_ADMIN   | acme   |             | role
            TENANT_ADMIN     | acme |       | TENANT_DEVELOPER | globex |             | tenant-boundary
            TENANT_ADMIN     | acme | dev   | TENANT_ADMIN     | acme   |             | environment-boundary
            TENANT_ADMIN     | acme | dev   | TENANT_ADMIN     | acme   | prod        | environment-boundary
            TENANT_ADMIN     | acme | dev   | TENANT_ADMIN     | acme   | dev         | -
            TENANT_DEVELOPER | acme |       | TENANT_DEVELOPER | acme   |             | role
            TENANT_DEVELOPER | acme | dev   | TENANT_DEVELOPER | acme   | dev         | role
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
        assertThat(AccessRules.againstToken(
                                who,
                                wanted,
                                tenant == null ? null : new TenantId(tenant),
                                environment == null ? null : new Environment(environment))
                        .map(Rule::text)
                        .orElse("-"))
                .isEqualTo(rule);
    }

    private static Principal principal(Role role, @Nullable TenantId tenant, @Nullable Environment environment) {
        return new Principal("token:1", "someone", role, tenant, environment);
    }

    private static String rule(
            Principal principal, Action action, @Nullable TenantId tenant, @Nullable Environment environment) {
        return AccessRules.against(principal, action, tenant, environment)
                .map(Rule::text)
                .orElse("-");
    }
}
