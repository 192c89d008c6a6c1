package io.maestro.policy;

import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.policy.PolicySettings;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.model.Violation;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks settings and modes, keeps them, and puts them in force here. */
final class KeptSettings implements PolicySettings {
    private static final int LARGEST = 64 << 10;
    private static final Set<String> PROFILES = Set.of("internal", "white-label", "hosted-saas");
    private static final Set<String> RISKS = Set.of("low", "medium", "high");

    private final JooqDocuments rows;
    private final Consumer<TenantId> tenants;
    private final ActivePolicies policies;
    private final WayBack wayBack;

    /**
     * Settings as rows.
     *
     * @param tenants throws for one that is not there
     */
    KeptSettings(JooqDocuments rows, Consumer<TenantId> tenants, ActivePolicies policies, WayBack wayBack) {
        this.rows = rows;
        this.tenants = tenants;
        this.policies = policies;
        this.wayBack = wayBack;
    }

    @Override
    public Kept settings(@Nullable TenantId tenant) {
        require(tenant);
        return rows.find(tenant, JooqPolicies.SETTINGS);
    }

    @Override
    public Kept put(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor) {
        ObjectValue document = checked(tenant, settings, actor);
        Kept kept = rows.put(tenant, JooqPolicies.SETTINGS, new Json(document.json()), revision, actor);
        policies.refresh();
        return kept;
    }

    private ObjectValue checked(@Nullable TenantId tenant, Json settings, Actor actor) {
        require(tenant);
        ObjectValue document = read(settings);
        List<Violation> violations = violations(document);
        if (!violations.isEmpty()) {
            throw invalid(violations);
        }
        if (tenant == null) {
            wayBack.requireAfterSettings(stored -> stored.withSettings(document), actor);
        }
        return document;
    }

    @Override
    public Kept beforePut(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor) {
        var _ = checked(tenant, settings, actor);
        return rows.present(tenant, JooqPolicies.SETTINGS, revision);
    }

    @Override
    public Kept modes(@Nullable TenantId tenant) {
        require(tenant);
        return rows.find(tenant, JooqPolicies.MODES);
    }

    @Override
    public Kept putModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor) {
        ObjectValue document = checkedModes(tenant, modes, actor);
        Kept kept = rows.put(tenant, JooqPolicies.MODES, new Json(document.json()), revision, actor);
        policies.refresh();
        return kept;
    }

    @Override
    public Kept beforePutModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor) {
        var _ = checkedModes(tenant, modes, actor);
        return rows.present(tenant, JooqPolicies.MODES, revision);
    }

    private ObjectValue checkedModes(@Nullable TenantId tenant, Json modes, Actor actor) {
        require(tenant);
        ObjectValue document = read(modes);
        Modes wanted = Modes.of(document);
        if (wanted == null) {
            throw invalid(List.of(new Violation(
                    "", "has to be {\"packs\":{NAME:MODE},\"rules\":{ID:MODE}} with shadow, warn or enforce")));
        }
        if (tenant == null) {
            wayBack.requireAfterModes(stored -> stored.withModes(wanted), actor);
        }
        return document;
    }

    private void require(@Nullable TenantId tenant) {
        if (tenant != null) {
            tenants.accept(tenant);
        }
    }

    private static ObjectValue read(Json json) {
        if (json.text().length() > LARGEST) {
            throw invalid(List.of(new Violation("", "is larger than " + LARGEST + " characters")));
        }
        try {
            if (io.maestro.rego.value.Json.read(json.text()) instanceof ObjectValue object
                    && json.text().indexOf('\0') < 0) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw invalid(List.of(new Violation("", String.valueOf(e.getMessage()))));
        }
        throw invalid(List.of(new Violation("", "is no JSON object")));
    }

    /** What the packs of ours know has the form that they know; other members are for packs of others. */
    private static List<Violation> violations(ObjectValue settings) {
        List<Violation> found = new ArrayList<>();
        check(found, settings, "profile", KeptSettings::isProfile, "is none of " + String.join(", ", PROFILES));
        check(found, settings, "maxRisk", KeptSettings::isRisk, "is none of low, medium, high");
        check(found, settings, "dualControl", value -> value instanceof BoolValue, "is neither true nor false");
        check(found, settings, "allowedAdapterTypes", KeptSettings::isTexts, "is no list of texts");
        check(found, settings, "regions", KeptSettings::isTexts, "is no list of texts");
        return found;
    }

    private static void check(
            List<Violation> found,
            ObjectValue settings,
            String name,
            java.util.function.Predicate<Value> form,
            String what) {
        Value value = settings.get(name);
        if (value != null && !form.test(value)) {
            found.add(new Violation("/" + name, what));
        }
    }

    private static boolean isProfile(Value value) {
        return value instanceof StringValue text && PROFILES.contains(text.value());
    }

    private static boolean isRisk(Value value) {
        return value instanceof StringValue text && RISKS.contains(text.value());
    }

    private static boolean isTexts(Value value) {
        return value instanceof ArrayValue array
                && array.members().stream().allMatch(member -> member instanceof StringValue);
    }

    private static ProblemException invalid(List<Violation> violations) {
        Violation first = violations.getFirst();
        return Problem.of(
                        PolicyProblem.POLICY_SETTINGS_INVALID,
                        (first.pointer().isEmpty() ? "the document" : first.pointer()) + " " + first.detail(),
                        "Compare it with docs/reference/policy.md.")
                .with(violations)
                .asException();
    }
}
