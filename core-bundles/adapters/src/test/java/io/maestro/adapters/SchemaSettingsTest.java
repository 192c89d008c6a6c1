package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.adapters.Definitions.Setting;
import org.junit.jupiter.api.Test;

final class SchemaSettingsTest {
    @Test
    void tellsWhatIsRequiredAndWhatIsSecret() {
        assertThat(SchemaSettings.of(Documents.tree("""
                {"type":"object","required":["bucket","key"],"properties":{
                  "bucket":{"type":"string"},
                  "region":{"type":"string"},
                  "key":{"type":"string","writeOnly":true}}}""")))
                .containsExactly(
                        new Setting("/bucket", true, false),
                        new Setting("/region", false, false),
                        new Setting("/key", true, true));
    }

    @Test
    void followsNestedObjectsReferencesAndAllOf() {
        assertThat(SchemaSettings.of(Documents.tree("""
                {"allOf":[{"required":["tls"]},{"properties":{"more":{}}}],
                 "properties":{"tls":{"$ref":"#/$defs/tls"},"pass":{"$ref":"#/$defs/secret"}},
                 "$defs":{"secret":{"type":"string","writeOnly":true},
                          "tls":{"required":["a/b"],"properties":{"a/b":{"writeOnly":true}}}}}""")))
                .containsExactlyInAnyOrder(
                        new Setting("/more", false, false),
                        new Setting("/tls", true, false),
                        new Setting("/tls/a~1b", true, true),
                        new Setting("/pass", false, true));
    }

    @Test
    void endsOnASchemaThatHoldsItself() {
        assertThat(SchemaSettings.of(Documents.tree("""
                {"properties":{"next":{"$ref":"#"},"also":{"$ref":"#"}}}"""))).hasSizeLessThanOrEqualTo(500);
        assertThat(SchemaSettings.of(Documents.tree("{\"allOf\":[" + "{\"$ref\":\"#\"},".repeat(50) + "{}]}")))
                .isEmpty();
        assertThat(SchemaSettings.of(Documents.tree("{\"$ref\":\"#/nowhere\"}")))
                .isEmpty();
        assertThat(SchemaSettings.of(Documents.tree("true"))).isEmpty();
    }
}
