package io.maestro.identity;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.identity.AccessRules;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Rule;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Adds, changes and removes providers, and sees that none may grant more than who added it has. */
final class ProviderRegistry implements IdentityProviders {
    private static final int LONGEST_NAME = 100;
    private static final int OFFERED = 50;

    private final JooqProviders rows;
    private final ProviderIndex index;
    private final ProviderCalls calls;
    private final Tenants tenants;
    private final EventRecorder events;
    private final RandomGenerator random;

    ProviderRegistry(
            JooqProviders rows,
            ProviderIndex index,
            ProviderCalls calls,
            Tenants tenants,
            EventRecorder events,
            RandomGenerator random) {
        this.rows = rows;
        this.index = index;
        this.calls = calls;
        this.tenants = tenants;
        this.events = events;
        this.random = random;
    }

    @Override
    public IdentityProvider create(
            @Nullable TenantId tenant, ProviderName name, Settings settings, Principal creator, Actor actor) {
        check(tenant, settings, creator);
        byte[] id = new byte[8];
        random.nextBytes(id);
        ProviderCalls.Described described =
                calls.describe(settings.scope(), settings.instance(), actor.correlationId());
        IdentityProvider made =
                rows.insert(HexFormat.of().formatHex(id), tenant, name, settings, described, tenants, actor);
        index.reload();
        return made;
    }

    @Override
    public IdentityProvider provider(@Nullable TenantId tenant, ProviderName name) {
        return rows.find(tenant, name);
    }

    @Override
    public Page<IdentityProvider> providers(@Nullable TenantId tenant, PageRequest page) {
        return rows.list(tenant, page);
    }

    @Override
    public IdentityProvider change(
            @Nullable TenantId tenant,
            ProviderName name,
            Settings settings,
            @Nullable Digest agreed,
            @Nullable Long revision,
            Principal changer,
            Actor actor) {
        check(tenant, settings, changer);
        if (agreed != null && !settings.enabled()) {
            throw invalid(
                    "a provider that is switched off is not asked, so nobody can agree to its instance",
                    "Leave the fingerprint out, or switch the provider on.");
        }
        boolean elsewhere =
                !JooqProviders.isAt(settings, rows.find(tenant, name).settings());
        // one that is down can still be switched off and on; whether it is what was agreed to shows when it is asked
        ProviderCalls.Described described = settings.enabled() && (agreed != null || elsewhere)
                ? calls.describe(settings.scope(), settings.instance(), actor.correlationId())
                : null;
        if (agreed != null && described != null && !agreed.equals(described.fingerprint())) {
            throw Problem.of(
                            AdapterProblem.INSTANCE_CHANGED,
                            "the instance \"" + settings.instance() + "\" in " + settings.scope()
                                    + " has the fingerprint " + described.fingerprint() + " now, not " + agreed,
                            "Look at the instance again, and agree to the fingerprint that the provider shows now.")
                    .asException();
        }
        IdentityProvider after =
                rows.update(tenant, name, settings, described, agreed != null, revision, tenants, actor);
        index.reload();
        return after;
    }

    @Override
    public @Nullable Digest present(IdentityProvider provider) {
        Settings settings = provider.settings();
        return calls.fingerprint(settings.scope(), settings.instance());
    }

    @Override
    public void remove(@Nullable TenantId tenant, ProviderName name, @Nullable Long revision, Actor actor) {
        rows.delete(tenant, name, revision, actor);
        index.reload();
    }

    @Override
    public List<IdentityProvider> offered(@Nullable TenantId tenant) {
        return index.of(tenant).stream()
                .map(ProviderDesk::provider)
                .filter(provider ->
                        provider.settings().enabled() && provider.description().login())
                .sorted(Comparator.comparing(provider -> provider.name().value()))
                .limit(OFFERED)
                .toList();
    }

    private void check(@Nullable TenantId tenant, Settings settings, Principal caller) {
        TenantId home = settings.scope().tenant();
        if (tenant != null && !tenant.equals(home)) {
            events.record(
                    Rule.TENANT_BOUNDARY,
                    caller,
                    home,
                    settings.scope().environment(),
                    EventRecorder.within("instance " + settings.instance()));
            throw invalid(
                    "the instance is not one of the tenant " + tenant,
                    "Name an instance of an environment of its own.");
        }
        AccessRules.againstGrant(caller, settings.roles(), tenant, null).ifPresent(rule -> {
            events.record(rule, caller, tenant, null, EventRecorder.WITHIN);
            throw CallerAccess.forbidden();
        });
        for (Role role : settings.roles()) {
            if (tenant == null ? !role.ofInstallation() : !role.withinTenant()) {
                throw invalid(
                        "the role " + role.name().toLowerCase(Locale.ROOT)
                                + (tenant == null ? " is one within a tenant" : " is not confined to a tenant"),
                        "Leave it out, or add the provider where the role belongs.");
            }
        }
        String name = settings.displayName();
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    "the display name is empty, longer than " + LONGEST_NAME + " characters or has control characters",
                    "Write what people call their login, in a few words.");
        }
        tenants.require(settings.scope());
    }

    private static ProblemException invalid(String detail, String fix) {
        return Problem.of(IdentityProblem.IDENTITY_PROVIDER_INVALID, detail, fix)
                .asException();
    }
}
