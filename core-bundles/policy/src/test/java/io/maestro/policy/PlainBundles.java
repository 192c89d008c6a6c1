package io.maestro.policy;

import io.maestro.api.policy.PolicyPacks.PolicyKey;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bundles as JSON, with the name of a key for a signature: so that a test says what is in one. */
final class PlainBundles implements BundleFormat {
    /** A bundle of one file per package. */
    static byte[] bundle(String revision, String key, String root, Map<String, String> modules) {
        Map<Value, Value> files = new HashMap<>();
        modules.forEach((name, text) -> files.put(StringValue.of(name), StringValue.of(text)));
        return ObjectValue.of("revision", StringValue.of(revision))
                .with(StringValue.of("key"), StringValue.of(key))
                .with(StringValue.of("roots"), ArrayValue.of(StringValue.of(root)))
                .with(StringValue.of("modules"), ObjectValue.keeping(files))
                .json()
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Opened open(String pack, byte[] bundle, @Nullable List<PolicyKey> keys) {
        if (!(read(pack, bundle) instanceof ObjectValue document)) {
            throw PackGate.refused(pack, "it is no bundle", null, List.of());
        }
        String key = text(document, "key");
        if (keys != null && keys.stream().noneMatch(one -> one.id().equals(key))) {
            throw PackGate.refused(pack, "it is not signed by a trusted key", "Sign it.", List.of());
        }
        List<String> roots = new ArrayList<>();
        ((ArrayValue) document.at(StringValue.of("roots"))).forEach(root -> roots.add(((StringValue) root).value()));
        Map<String, String> modules = new HashMap<>();
        ((ObjectValue) document.at(StringValue.of("modules")))
                .members()
                .forEach((name, text) -> modules.put(((StringValue) name).value(), ((StringValue) text).value()));
        return new Opened(text(document, "revision"), roots, modules, ObjectValue.EMPTY, keys == null ? null : key);
    }

    private static Value read(String pack, byte[] bundle) {
        try {
            return Json.read(new String(bundle, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw PackGate.refused(pack, "it is no bundle", null, List.of());
        }
    }

    private static String text(ObjectValue object, String name) {
        return ((StringValue) object.at(StringValue.of(name))).value();
    }
}
