package io.maestro.policy;

import io.maestro.api.policy.EntryPoint;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Packs that are asked together: those of the installation, or those of one tenant.
 *
 * @param engine answers
 * @param prefix where the documents of entry points lie, for example {@code maestro}
 * @param name as decisions name it
 * @param bundles the revisions by the names of the packs
 * @param lasting the entry points whose answers last, for all that is known of them
 * @param places where rules are written, by their ids
 */
record Unit(
        PolicyEngine engine,
        String prefix,
        String name,
        Map<String, String> bundles,
        Set<EntryPoint> lasting,
        Map<String, PackText.Place> places) {
    /** Compiles packs of which no two have the same name. */
    static Unit of(String prefix, String name, List<PackText> packs, io.maestro.rego.Capabilities capabilities) {
        PackText all = together(name, packs);
        return new Unit(
                new RegoEngine(all.compiled(capabilities), all.data(), RegoEngine.BUDGET),
                prefix,
                name,
                packs.stream().collect(Collectors.toMap(PackText::name, PackText::revision)),
                lasting(prefix, all),
                all.places());
    }

    private static PackText together(String name, List<PackText> packs) {
        Map<String, String> modules = new HashMap<>();
        var data = io.maestro.rego.value.ObjectValue.EMPTY;
        for (PackText pack : packs) {
            pack.withoutTests().modules().forEach((file, text) -> modules.put(pack.name() + "/" + file, text));
            data = RegoEngine.merge(data, pack.data());
        }
        return new PackText(name, "", modules, data);
    }

    private static Set<EntryPoint> lasting(String prefix, PackText all) {
        Set<EntryPoint> lasting = EnumSet.noneOf(EntryPoint.class);
        // the only one that is asked often enough for it to matter
        EntryPoint call = EntryPoint.ADAPTER_CALL;
        if (all.isLasting(Stream.of((prefix + "/" + call.path()).split("/", -1)).toList())) {
            lasting.add(call);
        }
        return lasting;
    }

    /** A unit whose engine is elsewhere, of which nothing is known but what it answers. */
    static Unit elsewhere(PolicyEngine engine, String prefix, String name) {
        return new Unit(engine, prefix, name, Map.of(), Set.of(), Map.of());
    }

    /** Where the document of an entry point lies. */
    String path(EntryPoint entryPoint) {
        return prefix + "/" + entryPoint.path();
    }

    /** Where a rule is written; null when that is not known. */
    PackText.@Nullable Place place(String rule) {
        return places.get(rule);
    }
}
