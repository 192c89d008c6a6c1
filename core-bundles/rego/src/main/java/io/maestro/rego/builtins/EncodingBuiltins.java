package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.Yaml;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Base64, hexadecimal, JSON, YAML and URL queries. */
final class EncodingBuiltins {
    private EncodingBuiltins() {}

    static void addTo(Registry registry) {
        registry.add(
                "base64.encode", "S", "S", (e, a) -> made(e, Base64.getEncoder().encodeToString(bytes(a[0]))));
        registry.add(
                "base64.decode",
                "S",
                "S",
                (e, a) -> made(e, decoded("base64.decode", Base64.getDecoder(), text(a[0]))));
        registry.add("base64.is_valid", "S", "B", (_, a) -> BoolValue.of(isBase64(text(a[0]))));
        registry.add(
                "base64url.encode",
                "S",
                "S",
                (e, a) -> made(e, Base64.getUrlEncoder().encodeToString(bytes(a[0]))));
        registry.add(
                "base64url.encode_no_pad",
                "S",
                "S",
                (e, a) -> made(e, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(a[0]))));
        registry.add(
                "base64url.decode",
                "S",
                "S",
                (e, a) -> made(e, decoded("base64url.decode", Base64.getUrlDecoder(), text(a[0]))));
        registry.add("hex.encode", "S", "S", (e, a) -> made(e, HexFormat.of().formatHex(bytes(a[0]))));
        registry.add("hex.decode", "S", "S", (e, a) -> made(e, unhex(text(a[0]))));

        registry.add("json.marshal", "X", "S", (e, a) -> json(e, a[0]));
        registry.add("json.marshal_with_options", "X,O", "S", (e, a) -> PrettyJson.of(e, a[0], (ObjectValue) a[1]));
        registry.add("json.unmarshal", "S", "X", (e, a) -> unmarshal(e, "json.unmarshal", text(a[0])));
        registry.add(
                "json.is_valid",
                "X",
                "B",
                (e, a) -> BoolValue.of(a[0] instanceof StringValue text && isJson(e, text.value())));
        registry.add("yaml.marshal", "X", "S", (e, a) -> {
            e.meter().text(16L * a[0].bulk());
            return made(e, Yaml.write(a[0]));
        });
        registry.add("yaml.unmarshal", "S", "X", (e, a) -> unmarshalYaml(e, text(a[0])));
        registry.add(
                "yaml.is_valid",
                "X",
                "B",
                (e, a) -> BoolValue.of(a[0] instanceof StringValue text && isYaml(e, text.value())));

        registry.add("urlquery.encode", "S", "S", (e, a) -> made(e, encoded(text(a[0]))));
        registry.add("urlquery.decode", "S", "S", (e, a) -> made(e, decodedUrl("urlquery.decode", text(a[0]))));
        registry.add("urlquery.encode_object", "O", "S", (e, a) -> made(e, encoded((ObjectValue) a[0])));
        registry.add("urlquery.decode_object", "S", "O", (e, a) -> decodedObject(e, text(a[0])));
    }

    static byte[] bytes(Value value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    private static Value made(Evaluation evaluation, String text) {
        evaluation.meter().text(text.length());
        return StringValue.of(text);
    }

    private static String decoded(String name, Base64.Decoder decoder, String text) {
        try {
            return new String(decoder.decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of(name, "illegal base64 data");
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return text.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String unhex(String text) {
        try {
            return new String(HexFormat.of().parseHex(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of("hex.decode", "encoding/hex: invalid byte or odd length hex string");
        }
    }

    private static Value json(Evaluation evaluation, Value value) {
        evaluation.meter().text(8L * value.bulk());
        return made(evaluation, value.json());
    }

    private static Value unmarshal(Evaluation evaluation, String name, String text) {
        evaluation.meter().cells(text.length() >> 2);
        try {
            return Json.read(text);
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of(name, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isJson(Evaluation evaluation, String text) {
        evaluation.meter().cells(text.length() >> 2);
        try {
            Json.read(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Value unmarshalYaml(Evaluation evaluation, String text) {
        evaluation.meter().cells(text.length());
        try {
            return Yaml.read(text);
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of("yaml.unmarshal", String.valueOf(e.getMessage()));
        }
    }

    private static boolean isYaml(Evaluation evaluation, String text) {
        evaluation.meter().cells(text.length());
        try {
            Yaml.read(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String decodedUrl(String name, String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of(name, "invalid URL escape");
        }
    }

    private static String encoded(ObjectValue object) {
        List<String> pairs = new ArrayList<>();
        for (Value key : object.keys()) {
            if (!(key instanceof StringValue name)) {
                throw BuiltinException.type("urlquery.encode_object", "operand 1 keys must be strings");
            }
            List<String> values = switch (object.at(key)) {
                case StringValue text -> List.of(text.value());
                case ArrayValue array -> Registry.texts("urlquery.encode_object", array, 1);
                case SetValue set -> Registry.texts("urlquery.encode_object", set, 1);
                default ->
                    throw BuiltinException.type(
                            "urlquery.encode_object", "operand 1 values must be strings or arrays or sets of strings");
            };
            values.forEach(value -> pairs.add(encoded(name.value()) + "=" + encoded(value)));
        }
        return String.join("&", pairs);
    }

    private static Value decodedObject(Evaluation evaluation, String text) {
        evaluation.meter().text(text.length());
        Map<Value, List<Value>> lists = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equal = pair.indexOf('=');
            String name = equal < 0 ? pair : pair.substring(0, equal);
            String value = equal < 0 ? "" : pair.substring(equal + 1);
            lists.computeIfAbsent(StringValue.of(decodedUrl("urlquery.decode_object", name)), _ -> new ArrayList<>())
                    .add(StringValue.of(decodedUrl("urlquery.decode_object", value)));
        }
        Map<Value, Value> members = new HashMap<>();
        lists.forEach((key, values) -> members.put(key, ArrayValue.keeping(values)));
        return ObjectValue.keeping(members);
    }
}
