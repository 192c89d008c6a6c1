package io.maestro.policy;

import io.maestro.api.policy.PolicyInput;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The input document: one form for all entry points; members that do not apply are absent. */
final class Inputs {
    static final String TIME = "time";
    static final String CORRELATION_ID = "correlationId";
    static final String APPROVAL = "approval";

    /** What differs each time that the same is asked. */
    static final Set<String> CHANGING = Set.of(TIME, CORRELATION_ID, APPROVAL);

    private static final List<String> KINDS = List.of("token", "user", "system");

    private Inputs() {}

    /** The document of a question. */
    static ObjectValue of(PolicyInput input, Instant now) {
        Map<Value, Value> members = new HashMap<>();
        put(members, "entryPoint", text(input.entryPoint().path()));
        put(members, "action", text(input.action()));
        put(members, "principal", principal(input.actor()));
        Map<Value, Value> scope = new HashMap<>();
        if (input.tenant() != null) {
            put(scope, "tenant", text(input.tenant().value()));
        }
        if (input.environment() != null) {
            put(scope, "environment", text(input.environment().value()));
        }
        put(members, "scope", ObjectValue.keeping(scope));
        Map<Value, Value> subject = new HashMap<>();
        put(subject, "type", text(input.subjectType()));
        put(subject, "name", text(input.subject()));
        put(members, "subject", ObjectValue.keeping(subject));
        input.more().forEach((name, document) -> put(members, name, Json.read(document.text())));
        put(members, TIME, text(now.toString()));
        put(members, CORRELATION_ID, text(input.actor().correlationId()));
        return ObjectValue.keeping(members);
    }

    private static ObjectValue principal(Actor actor) {
        Map<Value, Value> members = new HashMap<>();
        put(members, "id", text(actor.id()));
        put(members, "kind", text(kind(actor.id())));
        Standing standing = actor.standing();
        put(members, "roles", texts(standing.roles()));
        if (standing.tenant() != null) {
            put(members, "tenant", text(standing.tenant().value()));
        }
        if (standing.environment() != null) {
            put(members, "environment", text(standing.environment().value()));
        }
        if (standing.person() != null) {
            put(members, "person", text(standing.person()));
        }
        Map<Value, Value> attributes = new HashMap<>();
        standing.attributes().forEach((name, values) -> put(attributes, name, texts(values)));
        put(members, "attributes", ObjectValue.keeping(attributes));
        return ObjectValue.keeping(members);
    }

    private static String kind(String id) {
        int colon = id.indexOf(':');
        String kind = colon < 0 ? "" : id.substring(0, colon);
        return KINDS.contains(kind) ? kind : "user";
    }

    /** The document without what differs each time. */
    static ObjectValue lasting(ObjectValue input) {
        Map<Value, Value> lasting = new HashMap<>(input.members());
        CHANGING.forEach(name -> lasting.remove(StringValue.of(name)));
        return ObjectValue.keeping(lasting);
    }

    static Value text(String text) {
        return StringValue.of(text);
    }

    private static Value texts(Collection<String> texts) {
        List<Value> values = new ArrayList<>();
        texts.forEach(text -> values.add(text(text)));
        return ArrayValue.keeping(values);
    }

    private static void put(Map<Value, Value> members, String name, Value value) {
        members.put(StringValue.of(name), value);
    }
}
