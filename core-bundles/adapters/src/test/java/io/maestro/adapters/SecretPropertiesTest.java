package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class SecretPropertiesTest {
    @Test
    void findsSecretsWhereverTheSchemaMarksThemAndPutsOthersInTheirPlaces() {
        JsonNode schema = Documents.tree("""
                {"type":"object",
                 "properties":{
                   "user":{"type":"string"},
                   "password":{"type":"string","writeOnly":true},
                   "proxy":{"type":"object","properties":{"token":{"$ref":"#/$defs/token"},"host":{"type":"string"}}},
                   "keys":{"type":"array","items":{"writeOnly":true}},
                   "peers":{"type":"array","items":{"properties":{"pin":{"writeOnly":true}}}},
                   "whole":{"writeOnly":true,"type":"object"}},
                 "additionalProperties":{"properties":{"extra":{"writeOnly":true}}},
                 "allOf":[{"properties":{"combined":{"writeOnly":true}}}],
                 "$defs":{"token":{"type":"string","writeOnly":true}}}""");
        String text = """
                {"user":"u","password":"p1","proxy":{"token":"p2","host":"h"},"keys":["p3","p4"],
                 "peers":[{"pin":"p5","name":"n"}],"whole":{"a":"p6"},"other":{"extra":"p7"},"combined":"p8",
                 "odd/na~me":{"extra":"p9"}}""";
        ObjectNode configuration = (ObjectNode) Documents.tree(text);
        ObjectNode secrets = SecretProperties.find(schema, configuration);
        assertThat(SecretProperties.values(secrets))
                .containsExactlyInAnyOrder("p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9");

        ObjectNode masks = JsonNodeFactory.instance.objectNode();
        secrets.fieldNames().forEachRemaining(place -> masks.put(place, "***"));
        SecretProperties.put(configuration, masks);
        assertThat(configuration.toString()).doesNotContainPattern("p\\d").contains("\"u\"", "\"h\"", "\"n\"");
        SecretProperties.put(configuration, secrets);
        assertThat((JsonNode) configuration).isEqualTo(Documents.tree(text));
    }

    @Test
    void endsOnASchemaThatRefersToItself() {
        JsonNode schema = Documents.tree("{\"$ref\":\"#\",\"properties\":{\"a\":{\"$ref\":\"#\"}}}");
        ObjectNode configuration = (ObjectNode) Documents.tree("{\"a\":{\"a\":{}}}");
        assertThat(SecretProperties.find(schema, configuration).isEmpty()).isTrue();
    }
}
