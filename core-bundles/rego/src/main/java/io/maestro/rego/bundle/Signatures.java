package io.maestro.rego.bundle;

import io.maestro.rego.bundle.BundleException.Kind;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.Yaml;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The file {@code .signatures.json}: a JSON Web Signature over the hashes of all other files. */
final class Signatures {
    private static final String PLUGIN = "_default";

    private Signatures() {}

    /** The id of the key that signed; throws when the signature is not what is asked for. */
    static String verify(SortedMap<String, byte[]> files, Verification.Signed wanted) {
        byte[] content = files.get(BundleFiles.SIGNATURES);
        if (content == null) {
            throw refused("is not signed: sign it with one of the keys " + new TreeMap<>(wanted.keys()).keySet());
        }
        String[] parts =
                token(BundleReader.utf8(BundleFiles.SIGNATURES, content)).split("\\.", -1);
        if (parts.length != 3) {
            throw refused("has a signature that is no JSON Web Signature: sign it again");
        }
        ObjectValue header = part("header", parts[0]);
        ObjectValue payload = part("payload", parts[1]);
        BundleKey key = key(header, payload, wanted);
        if (!StringValue.of(key.algorithm()).equals(header.get("alg"))) {
            throw refused("is signed with the algorithm " + shown(header.get("alg")) + ", and the key " + key.id()
                    + " is for " + key.algorithm() + ": sign it with that");
        }
        if (header.get("crit") != null) {
            throw refused("has a signature with demands (\"crit\") that are not understood");
        }
        byte[] message = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (!key.verifies(message, decoded("signature", parts[2]))) {
            throw refused(
                    "is not signed by the key " + key.id() + ", or was changed after: load it again from its source");
        }
        String scope = payload.get("scope") instanceof StringValue text ? text.value() : "";
        if (!scope.equals(wanted.scope())) {
            throw refused("is signed for the scope \"" + scope + "\", and \"" + wanted.scope() + "\" is asked for");
        }
        compare(files, payload);
        return key.id();
    }

    private static String token(String text) {
        ObjectValue object = object("file", text);
        if (object.get("plugin") instanceof StringValue plugin
                && !plugin.value().isEmpty()
                && !plugin.value().equals(PLUGIN)) {
            throw refused("is signed in a way of its own (" + BundleFiles.shown(plugin.value()) + "): sign it plainly");
        }
        if (!(object.get("signatures") instanceof ArrayValue all)
                || all.size() != 1
                || !(all.at(0) instanceof StringValue token)) {
            throw refused("must have exactly one signature: sign it again");
        }
        return token.value();
    }

    private static BundleKey key(ObjectValue header, ObjectValue payload, Verification.Signed wanted) {
        String id = wanted.keyId();
        if (id.isEmpty() && header.get("kid") instanceof StringValue kid) {
            id = kid.value();
        }
        if (id.isEmpty() && payload.get("keyid") instanceof StringValue old) {
            id = old.value();
        }
        BundleKey key = wanted.keys().get(id);
        if (key == null) {
            throw refused("is signed by the key " + BundleFiles.shown(id) + ", which is not known here: known are "
                    + new TreeMap<>(wanted.keys()).keySet());
        }
        return key;
    }

    private static void compare(SortedMap<String, byte[]> files, ObjectValue payload) {
        if (!(payload.get("files") instanceof ArrayValue listed)) {
            throw refused("has a signature that lists no files: sign it again");
        }
        Map<String, ObjectValue> expected = new HashMap<>();
        for (Value each : listed) {
            if (!(each instanceof ObjectValue file) || !(file.get("name") instanceof StringValue name)) {
                throw refused("has a signature with a file that has no name: sign it again");
            }
            if (expected.put(BundleFiles.normal(name.value()), file) != null) {
                throw refused(
                        "has a signature that lists " + BundleFiles.shown(name.value()) + " twice: sign it again");
            }
        }
        files.forEach((name, content) -> {
            if (name.equals(BundleFiles.SIGNATURES)) {
                return;
            }
            ObjectValue file = expected.remove(name);
            if (file == null) {
                throw refused("has a file that its signature does not list: " + name + "; take it out or sign again");
            }
            String algorithm = file.get("algorithm") instanceof StringValue text ? text.value() : "";
            String hash = HexFormat.of().formatHex(digest(algorithm, hashed(name, content)));
            if (!(file.get("hash") instanceof StringValue given)
                    || !hash.equals(given.value().toLowerCase(Locale.ROOT))) {
                throw refused("has a file that is not what was signed: " + name + "; load it again from its source");
            }
        });
        if (!expected.isEmpty()) {
            throw refused("lacks a file that its signature lists: " + new TreeMap<>(expected).firstKey()
                    + "; load it again from its source");
        }
    }

    /** Documents are hashed by what they say, all else by its bytes. */
    private static byte[] hashed(String name, byte[] content) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        try {
            return switch (last) {
                case BundleFiles.MANIFEST, "data.json" ->
                    CanonicalJson.of(BundleReader.utf8(name, content)).getBytes(StandardCharsets.UTF_8);
                case "data.yaml", "data.yml" ->
                    Yaml.read(BundleReader.utf8(name, content)).json().getBytes(StandardCharsets.UTF_8);
                default -> content;
            };
        } catch (IllegalArgumentException e) {
            throw new BundleException(Kind.CONTENT, name + " of the bundle is " + e.getMessage());
        }
    }

    private static byte[] digest(String algorithm, byte[] content) {
        String name = switch (algorithm) {
            case "SHA-256", "SHA-384", "SHA-512" -> algorithm;
            case "SHA-512-256" -> "SHA-512/256";
            default ->
                throw refused("has files that are hashed with " + BundleFiles.shown(algorithm)
                        + ": SHA-256, SHA-384, SHA-512 and SHA-512-256 are taken");
        };
        try {
            return MessageDigest.getInstance(name).digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file for these others. */
    static byte[] sign(SortedMap<String, byte[]> files, BundleKey key, String scope) {
        List<Value> listed = new ArrayList<>();
        files.forEach((name, content) -> {
            if (!name.equals(BundleFiles.SIGNATURES)) {
                listed.add(object(Map.of(
                        "name",
                        StringValue.of(name),
                        "hash",
                        StringValue.of(HexFormat.of().formatHex(digest("SHA-256", hashed(name, content)))),
                        "algorithm",
                        StringValue.of("SHA-256"))));
            }
        });
        Map<String, Value> payload = new HashMap<>();
        payload.put("files", ArrayValue.keeping(listed));
        payload.put("keyid", StringValue.of(key.id()));
        if (!scope.isEmpty()) {
            payload.put("scope", StringValue.of(scope));
        }
        ObjectValue header = object(Map.of("alg", StringValue.of(key.algorithm()), "kid", StringValue.of(key.id())));
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed = encoder.encodeToString(header.json().getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(object(payload).json().getBytes(StandardCharsets.UTF_8));
        String token = signed + "." + encoder.encodeToString(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
        return object(Map.of("signatures", ArrayValue.of(StringValue.of(token)), "plugin", StringValue.of(PLUGIN)))
                .json()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectValue object(Map<String, Value> members) {
        Map<Value, Value> values = new HashMap<>();
        members.forEach((name, value) -> values.put(StringValue.of(name), value));
        return ObjectValue.keeping(values);
    }

    private static ObjectValue part(String what, String encoded) {
        return object(what, new String(decoded(what, encoded), StandardCharsets.UTF_8));
    }

    private static ObjectValue object(String what, String text) {
        try {
            if (Json.read(text) instanceof ObjectValue object) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw refused("has a signature whose " + what + " is " + e.getMessage() + ": sign it again");
        }
        throw refused("has a signature whose " + what + " is no JSON object: sign it again");
    }

    private static byte[] decoded(String what, String encoded) {
        try {
            return Base64.getUrlDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw refused("has a signature whose " + what + " is no Base64: sign it again");
        }
    }

    private static String shown(@Nullable Value value) {
        return value instanceof StringValue text ? BundleFiles.shown(text.value()) : "(none)";
    }

    private static BundleException refused(String what) {
        return new BundleException(Kind.SIGNATURE, "the bundle " + what);
    }
}
