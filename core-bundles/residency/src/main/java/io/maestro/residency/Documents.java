package io.maestro.residency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** The documents that this engine reads, and those that it shows to the policy. */
final class Documents {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Documents() {}

    /** Reads what the server itself has kept, or a guarded call has checked. */
    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a service gave malformed JSON", e);
        }
    }

    /** A configuration without its secrets and the references to them; its region is the one that the instance reports, if any. */
    static Json plain(Json configuration, Reported reported) {
        ObjectNode plain = (ObjectNode) tree(configuration.text());
        strip(plain);
        plain.remove("region");
        reported.region().ifPresent(region -> plain.put("region", region));
        return new Json(plain.toString());
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties()
                    .removeIf(member ->
                            member.getValue().isNull() || member.getValue().has("$secret"));
        }
        node.forEach(Documents::strip);
    }

    /** What policies are told of an adapter. */
    static Json facts(Definition definition) {
        AdapterManifest manifest = definition.manifest();
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("hosts", manifest.permissions().network());
        wanted.put("imports", manifest.permissions().packages());
        wanted.put("files", manifest.permissions().files());
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", manifest.id().name());
        members.put("version", manifest.id().version());
        members.put("type", manifest.type());
        members.put("publisher", definition.publisher());
        members.put("digest", definition.digest());
        members.put("adapter_risk_level", manifest.risk().level());
        members.put("data_sensitivity", manifest.risk().dataSensitivity());
        members.put("requires_approval", manifest.risk().requiresApproval());
        members.put("permissions", wanted);
        return Json.object(members);
    }
}
