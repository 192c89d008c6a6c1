package io.maestro.policy;

import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Reason;
import io.maestro.model.Json;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reasons and small maps as JSON: in rows, and in problems. */
final class ReasonText {
    private ReasonText() {}

    static Json write(List<Reason> reasons) {
        StringBuilder out = new StringBuilder("[");
        for (Reason reason : reasons) {
            out.append(out.length() == 1 ? "" : ",").append(write(reason).text());
        }
        return new Json(out.append(']').toString());
    }

    private static Json write(Reason reason) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("kind", word(reason.kind()));
        members.put("rule", reason.rule());
        members.put("title", reason.title());
        members.put("message", reason.message());
        members.put("facts", reason.facts());
        members.put("remediation", reason.remediation());
        members.put("severity", reason.severity());
        members.put("mode", word(reason.mode()));
        members.put("pack", reason.pack());
        return Json.object(members);
    }

    static List<Reason> reasons(String json) {
        List<Reason> reasons = new ArrayList<>();
        for (Value one : (ArrayValue) io.maestro.rego.value.Json.read(json)) {
            ObjectValue object = (ObjectValue) one;
            reasons.add(new Reason(
                    text(object, "kind").equals("deny") ? Reason.Kind.DENY : Reason.Kind.APPROVAL,
                    text(object, "rule"),
                    text(object, "title"),
                    text(object, "message"),
                    new Json(object.at(StringValue.of("facts")).json()),
                    object.get("remediation") instanceof StringValue remediation ? remediation.value() : null,
                    text(object, "severity"),
                    Modes.mode(object.get("mode")).orElse(Mode.ENFORCE),
                    text(object, "pack")));
        }
        return reasons;
    }

    static Map<String, String> map(String json) {
        Map<String, String> map = new TreeMap<>();
        ((ObjectValue) io.maestro.rego.value.Json.read(json))
                .members()
                .forEach((key, value) -> map.put(((StringValue) key).value(), ((StringValue) value).value()));
        return map;
    }

    static List<String> texts(String json) {
        List<String> texts = new ArrayList<>();
        ((ArrayValue) io.maestro.rego.value.Json.read(json)).forEach(one -> texts.add(((StringValue) one).value()));
        return texts;
    }

    /** A constant as it is written everywhere outside. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String text(ObjectValue object, String name) {
        return object.get(name) instanceof StringValue text ? text.value() : "";
    }
}
