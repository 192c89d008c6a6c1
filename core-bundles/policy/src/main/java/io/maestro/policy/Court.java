package io.maestro.policy;

import io.maestro.api.policy.EntryPoint;
import io.maestro.model.TenantId;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks all units that have a say, and judges. Keeps nothing. */
final class Court {
    private static final Set<String> WAYS_BACK = Set.of("policy-pack", "policy-modes");

    private Court() {}

    /**
     * What came out.
     *
     * @param bundles the revisions that had a say, by pack
     * @param lasting whether it is the same whenever the same is asked
     * @param failure why nobody could be asked; null when they could
     */
    record Heard(
            Judgement judgement,
            Map<String, String> bundles,
            boolean lasting,
            @Nullable EngineException failure) {
        /** Copies the map. */
        Heard {
            bundles = Map.copyOf(bundles);
        }
    }

    /** A tenant's unit with what it is told. */
    record Tenants(Unit unit, ObjectValue data, Modes modes) {}

    /**
     * Asks and judges.
     *
     * @param tenants the unit of the tenant that is concerned; null when it has none
     */
    static Heard hear(
            Active active,
            @Nullable Tenants tenants,
            EntryPoint entryPoint,
            @Nullable TenantId tenant,
            ObjectValue input,
            Instant now) {
        Judgement.Hearing hearing = new Judgement.Hearing(entryPoint.path());
        Map<String, String> bundles = new TreeMap<>(active.main().bundles());
        boolean lasting = active.main().lasting().contains(entryPoint);
        Unit asked = active.main();
        try {
            hearing.main(asked.name(), ask(asked, entryPoint, input, active.data(), now), active.modes());
            for (Unit one : active.more()) {
                asked = one;
                bundles.putAll(one.bundles());
                lasting &= one.lasting().contains(entryPoint);
                hearing.overlay(one.name(), ask(one, entryPoint, input, active.data(), now), active.modes());
            }
            if (tenants != null && asksTenant(entryPoint, input)) {
                asked = tenants.unit();
                asked.bundles().forEach((name, revision) -> bundles.put("tenants/" + tenant + "/" + name, revision));
                lasting &= asked.lasting().contains(entryPoint);
                hearing.overlay(asked.name(), ask(asked, entryPoint, input, tenants.data(), now), tenants.modes());
            }
        } catch (EngineException e) {
            return new Heard(Judgement.unavailable(asked.name()), bundles, false, e);
        }
        boolean approved = input.get(Inputs.APPROVAL) != null;
        return new Heard(hearing.judge(approved), bundles, lasting, null);
    }

    /**
     * Whether the packs of the tenant that is concerned have a say. They have none about packs and modes, for there has to
     * be a way back; nor about what operators of the installation change, whom a tenant cannot bind.
     */
    static boolean asksTenant(EntryPoint entryPoint, ObjectValue input) {
        if (input.get("subject") instanceof ObjectValue subject
                && subject.get("type") instanceof StringValue type
                && WAYS_BACK.contains(type.value())) {
            return false;
        }
        boolean changes = entryPoint == EntryPoint.ACT || entryPoint == EntryPoint.TENANT_ALLOW;
        return !changes || !isOperator(input.get("principal"));
    }

    private static boolean isOperator(@Nullable Value principal) {
        return principal instanceof ObjectValue who
                && who.get("tenant") == null
                && who.get("roles") instanceof ArrayValue roles
                && roles.members().contains(StringValue.of("platform_admin"));
    }

    private static @Nullable Value ask(
            Unit unit, EntryPoint entryPoint, ObjectValue input, ObjectValue data, Instant now) throws EngineException {
        return unit.engine().ask(unit.path(entryPoint), input, data, now);
    }
}
