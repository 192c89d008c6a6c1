package io.maestro.rego.bundle;

import io.maestro.rego.bundle.BundleException.Kind;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a bundle says of itself.
 *
 * @param revision its version, as its author counts; empty when there is none
 * @param roots the paths below {@code data} that it owns, with slashes; an empty one is everything
 * @param metadata whatever else
 */
public record Manifest(String revision, List<String> roots, ObjectValue metadata) {
    private static final int MOST_REVISION = 200;
    private static final int MOST_ROOTS = 100;

    /** Refuses roots that lie in one another. */
    public Manifest {
        roots = roots.stream().map(Manifest::trimmed).toList();
        for (int i = 0; i < roots.size(); i++) {
            for (int j = i + 1; j < roots.size(); j++) {
                if (overlap(roots.get(i), roots.get(j))) {
                    throw wrong("the roots \"" + roots.get(i) + "\" and \"" + roots.get(j)
                            + "\" lie in one another: keep the shorter one");
                }
            }
        }
    }

    /** One that owns everything and has no revision: what a bundle without a manifest has. */
    public static Manifest none() {
        return new Manifest("", List.of(""), ObjectValue.EMPTY);
    }

    static Manifest read(String text) {
        Value read;
        try {
            read = Json.read(text);
        } catch (IllegalArgumentException e) {
            throw wrong("is " + e.getMessage());
        }
        if (!(read instanceof ObjectValue object)) {
            throw wrong("is no JSON object");
        }
        checkVersions(object);
        if (object.get("wasm") instanceof ArrayValue modules && modules.size() > 0) {
            throw wrong("names compiled modules in \"wasm\", which are not run here: leave the policies as text");
        }
        Value roots = object.get("roots");
        return new Manifest(
                text(object, "revision"),
                roots == null ? List.of("") : roots(roots),
                object.get("metadata") instanceof ObjectValue metadata ? metadata : ObjectValue.EMPTY);
    }

    private static List<String> roots(Value given) {
        if (!(given instanceof ArrayValue array) || array.size() > MOST_ROOTS) {
            throw wrong("must have an array of at most " + MOST_ROOTS + " texts in \"roots\"");
        }
        List<String> roots = new ArrayList<>();
        for (Value root : array) {
            if (!(root instanceof StringValue text)) {
                throw wrong("must have texts in \"roots\"");
            }
            roots.add(text.value());
        }
        return roots;
    }

    private static void checkVersions(ObjectValue object) {
        List<Value> versions = new ArrayList<>();
        if (object.get("rego_version") != null) {
            versions.add(object.get("rego_version"));
        }
        if (object.get("file_rego_versions") instanceof ObjectValue files) {
            versions.addAll(files.members().values());
        }
        if (versions.stream().anyMatch(version -> !version.equals(NumberValue.of(1)))) {
            throw wrong("says that policies are in another version of Rego: this engine reads version 1, "
                    + "to which `opa fmt --rego-v1` converts");
        }
    }

    private static String text(ObjectValue object, String member) {
        Value value = object.get(member);
        if (value == null) {
            return "";
        }
        if (!(value instanceof StringValue text)
                || text.value().length() > MOST_REVISION
                || text.value().chars().anyMatch(c -> c < ' ')) {
            throw wrong("must have a short text in \"" + member + "\"");
        }
        return text.value();
    }

    private static BundleException wrong(String what) {
        return new BundleException(Kind.MANIFEST, "the bundle's " + BundleFiles.MANIFEST + ": " + what);
    }

    private static String trimmed(String root) {
        String text = root.startsWith("/") ? root.substring(1) : root;
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Whether one of two roots is the other, or lies in it. */
    static boolean overlap(String one, String other) {
        return isBelow(one, other) || isBelow(other, one);
    }

    private static boolean isBelow(String path, String root) {
        return root.isEmpty() || path.equals(root) || path.startsWith(root + "/");
    }

    /** Whether a path lies in a root. */
    boolean owns(List<String> path) {
        String joined = String.join("/", path);
        return roots.stream().anyMatch(root -> isBelow(joined, root));
    }

    /** Whether a root lies in a path. */
    boolean leadsTo(List<String> path) {
        String joined = String.join("/", path);
        return roots.stream().anyMatch(root -> isBelow(root, joined));
    }

    /** As the file in a bundle. */
    String json() {
        Map<Value, Value> members = new HashMap<>();
        members.put(StringValue.of("revision"), StringValue.of(revision));
        members.put(
                StringValue.of("roots"),
                ArrayValue.keeping(roots.stream().<Value>map(StringValue::of).toList()));
        members.put(StringValue.of("rego_version"), NumberValue.of(1));
        if (metadata.size() > 0) {
            members.put(StringValue.of("metadata"), metadata);
        }
        return ObjectValue.keeping(members).json();
    }
}
