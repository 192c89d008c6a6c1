package io.maestro.rego.bundle;

import io.maestro.rego.bundle.BundleException.Kind;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Parser;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.ValueLimitException;
import io.maestro.rego.value.Yaml;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads bundles, which may be anybody's: bounded in all they cost, and refused with a reason. */
public final class BundleReader {
    private BundleReader() {}

    /**
     * Reads a bundle. The signature is verified before anything else is believed.
     *
     * @param archive a tar archive in gzip
     * @throws BundleException when it is not taken
     */
    public static Bundle read(byte[] archive, Limits limits, Verification verification) {
        try {
            return of(TarReader.read(archive, limits).files(), verification);
        } catch (ValueLimitException | StackOverflowError e) {
            throw new BundleException(Kind.TOO_LARGE, "the bundle's data nests deeper or is larger than is taken");
        }
    }

    static Bundle of(SortedMap<String, byte[]> files, Verification verification) {
        String signedBy = switch (verification) {
            case Verification.Unsigned _ -> "";
            case Verification.Signed wanted -> Signatures.verify(files, wanted);
        };
        byte[] written = files.get(BundleFiles.MANIFEST);
        Manifest manifest = written == null ? Manifest.none() : Manifest.read(utf8(BundleFiles.MANIFEST, written));
        SortedMap<String, String> sources = new TreeMap<>();
        Value data = ObjectValue.EMPTY;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String name = file.getKey();
            int slash = name.lastIndexOf('/');
            switch (name.substring(slash + 1)) {
                case "data.json", "data.yaml", "data.yml" -> {
                    List<String> folder = slash < 0
                            ? List.of()
                            : List.of(name.substring(0, slash).split("/", -1));
                    data = merged(name, data, mounted(folder, document(name, file.getValue())), "data");
                }
                default -> {
                    if (name.endsWith(".rego")) {
                        sources.put(name, policy(name, utf8(name, file.getValue()), manifest));
                    }
                }
            }
        }
        checkRoots(data, List.of(), manifest);
        return new Bundle(manifest, sources, (ObjectValue) data, digest(files), signedBy);
    }

    static String utf8(String name, byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BundleException(Kind.CONTENT, name + " of the bundle is no text in UTF-8: write it so");
        }
    }

    private static String policy(String name, String text, Manifest manifest) {
        List<String> path;
        try {
            path = Parser.module(name, text).packagePath();
        } catch (RegoException e) {
            throw new BundleException(Kind.CONTENT, "a policy of the bundle cannot be read: " + e.getMessage());
        }
        if (!manifest.owns(path)) {
            throw outside("the package data." + String.join(".", path) + " of " + name, manifest);
        }
        return text;
    }

    private static BundleException outside(String what, Manifest manifest) {
        return new BundleException(
                Kind.MANIFEST,
                what + " lies outside of the bundle's roots " + manifest.roots() + ": move it, or add its root to "
                        + BundleFiles.MANIFEST);
    }

    private static ObjectValue document(String name, byte[] content) {
        String text = utf8(name, content);
        try {
            Value value = name.endsWith(".json") ? Json.read(text) : Yaml.read(text);
            if (value instanceof ObjectValue object) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw new BundleException(Kind.CONTENT, name + " of the bundle: " + e.getMessage());
        }
        throw new BundleException(Kind.CONTENT, name + " of the bundle is no object: put the value below a name");
    }

    private static ObjectValue mounted(List<String> folder, ObjectValue document) {
        ObjectValue mounted = document;
        for (String name : folder.reversed()) {
            mounted = ObjectValue.of(name, mounted);
        }
        return mounted;
    }

    private static Value merged(String name, Value before, Value more, String place) {
        if (!(before instanceof ObjectValue one) || !(more instanceof ObjectValue other)) {
            throw new BundleException(
                    Kind.CONTENT, name + " of the bundle gives " + place + " another value than a file before it");
        }
        Map<Value, Value> members = new HashMap<>(one.members());
        other.members()
                .forEach((key, value) -> members.merge(
                        key, value, (known, added) -> merged(name, known, added, place + "." + key.json())));
        return ObjectValue.keeping(members);
    }

    private static void checkRoots(Value data, List<String> path, Manifest manifest) {
        if (manifest.owns(path)) {
            return;
        }
        if (!(data instanceof ObjectValue object) || !manifest.leadsTo(path)) {
            throw outside("data." + String.join(".", path), manifest);
        }
        for (Value key : object.keys()) {
            List<String> below = new java.util.ArrayList<>(path);
            below.add(key instanceof StringValue text ? text.value() : key.json());
            checkRoots(object.at(key), below, manifest);
        }
    }

    private static String digest(SortedMap<String, byte[]> files) {
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                if (!file.getKey().equals(BundleFiles.SIGNATURES)) {
                    all.update(file.getKey().getBytes(StandardCharsets.UTF_8));
                    all.update((byte) 0);
                    all.update(MessageDigest.getInstance("SHA-256").digest(file.getValue()));
                }
            }
            return HexFormat.of().formatHex(all.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
