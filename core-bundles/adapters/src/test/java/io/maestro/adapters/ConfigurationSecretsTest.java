package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import io.maestro.adapter.spi.Secret;
import io.maestro.adapters.ConfigurationSecrets.Filled;
import io.maestro.adapters.ConfigurationSecrets.Kept;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.store.Transaction;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.Violation;
import org.junit.jupiter.api.Test;

class ConfigurationSecretsTest {
    private static final InstanceKey KEY = new InstanceKey(Scope.of("acme", "prod"), new InstanceId("main"));
    private static final Actor ACTOR = new Actor("token:x", "request-1");
    private static final Json SCHEMA = new Json("""
            {"properties":{"user":{"type":"string"},"password":{"writeOnly":true},"account":{"writeOnly":true},
             "pins":{"type":"array","items":{"writeOnly":true}},"odd name":{"writeOnly":true}}}""");
    private static final JsonNode MARKS = Documents.tree(SCHEMA.text());

    private final MemorySecrets memory = new MemorySecrets();
    private final ConfigurationSecrets secrets = new ConfigurationSecrets(memory, new Questions(new AskedPolicy()));

    @Test
    void leavesOnlyReferencesAndPutsTheValuesBack() {
        Kept kept = kept("""
                {"user":"u","password":"p1","account":{"id":7,"key":"p2"},"pins":["p3",4],"odd name":"p5"}""");
        assertThat(kept.configuration().toString()).contains("\"u\"").doesNotContainPattern("p\\d");
        assertThat(kept.configuration().at("/password/$secret").asText()).isEqualTo("instance/main/password");
        assertThat(kept.owned()).hasSize(5).containsOnlyKeys(kept.used());
        memory.attach(new Transaction() {}, KEY.scope(), KEY.instance(), kept.owned(), kept.used(), ACTOR);

        Filled filled = filled(kept.configuration());
        assertThat(filled.texts()).containsExactlyInAnyOrder("p1", "7", "p2", "p3", "4", "p5");
        assertThat(((Secret) embedded(filled, "/password")).reveal()).isEqualTo("p1");
        assertThat(((Secret) embedded(filled, "/pins/0")).reveal()).isEqualTo("p3");
        assertThat(filled.configuration().at("/account/key").asText()).isEqualTo("p2");
        assertThat(filled.configuration().at("/pins/1").asInt()).isEqualTo(4);
        assertThat(filled.stamp()).isEqualTo(5);
    }

    @Test
    void usesASecretThatTheCallerNames() {
        memory.put(KEY.scope(), "shared/database", "p1");
        ObjectNode given = tree("{\"password\":{\"$secret\":\"shared/database\"}}");
        ObjectNode resolved = secrets.resolved(KEY, MARKS, given, ACTOR);
        assertThat(resolved.at("/password").asText()).isEqualTo("p1");
        assertThat(memory.reads).containsExactly("acme/prod/main shared/database 1 CHECK");
        Kept kept = ConfigurationSecrets.kept(KEY, MARKS, given);
        assertThat(kept.owned()).isEmpty();
        assertThat(kept.used()).containsExactly(new SecretName("shared/database"));
        assertThat((JsonNode) kept.configuration()).isEqualTo(given);
    }

    @Test
    void readsADocumentWhenItIsToldSo() {
        memory.put(KEY.scope(), "account", "{\"id\":7}");
        ObjectNode given = tree("{\"account\":{\"$secret\":\"account\",\"as\":\"json\"}}");
        assertThat(secrets.resolved(KEY, MARKS, given, ACTOR).at("/account/id").asInt())
                .isEqualTo(7);
    }

    @Test
    void refusesReferencesToWhatIsNotThere() {
        ObjectNode given = tree("{\"password\":{\"$secret\":\"missing\"}}");
        assertThatThrownBy(() -> secrets.resolved(KEY, MARKS, given, ACTOR))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("secret-unknown");
    }

    @Test
    void takesAReferenceWhereTheSchemaMarksNoSecretForWhatItIs() {
        ObjectNode given = tree("{\"user\":{\"$secret\":\"missing\"}}");
        assertThat((JsonNode) secrets.resolved(KEY, MARKS, given, ACTOR)).isEqualTo(given);
        assertThat(ConfigurationSecrets.kept(KEY, MARKS, given).used()).isEmpty();
    }

    @Test
    void keepsNoSecretWhereNothingIsGiven() {
        assertThat(kept("{\"password\":null}").owned()).isEmpty();
    }

    @Test
    void keepsWhatAChangedConfigurationLeavesOutAndDropsWhatIsNull() {
        ObjectNode stored = kept("""
                {"user":"u","password":"p1","account":{"id":7,"key":"p2"},"pins":["p3",4],"odd name":"p5"}""").configuration();

        ObjectNode changed =
                ConfigurationSecrets.over(stored, MARKS, tree("{\"user\":\"v\",\"password\":null,\"pins\":[null]}"));

        assertThat(changed.path("user").asText()).isEqualTo("v");
        assertThat(changed.has("password")).isFalse();
        assertThat(changed.at("/odd name")).isEqualTo(stored.at("/odd name")).isNotEmpty();
        assertThat(changed.at("/account")).isEqualTo(stored.at("/account"));
        assertThat(changed.at("/pins/0").isNull())
                .as("which item is which is not known")
                .isTrue();
    }

    @Test
    void refusesAReferenceToWhatAValueElsewhereWouldReplace() {
        ObjectNode given = tree("{\"password\":\"for-b\",\"account\":{\"$secret\":\"instance/main/password\"}}");
        assertThatThrownBy(() -> ConfigurationSecrets.kept(KEY, MARKS, given))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo("configuration-invalid");
                    assertThat(e.problem().violations())
                            .extracting(Violation::pointer)
                            .containsExactly("/account");
                    assertThat(e.problem().fix()).isNotBlank();
                });
        assertThatThrownBy(() -> kept("{\"pins\":[{\"$secret\":\"instance/main/pins/1\"},\"new\"]}"))
                .as("items that moved")
                .hasMessageContaining("/pins/0");
        assertThat(kept("{\"password\":{\"$secret\":\"instance/main/password\"},"
                                + "\"account\":{\"$secret\":\"instance/main/password\"}}")
                        .owned())
                .as("nothing is replaced")
                .isEmpty();
    }

    @Test
    void printsNoSecretWithTheConfiguration() {
        Kept kept = kept("{\"password\":\"very-secret\"}");
        assertThat(kept.toString()).doesNotContain("very-secret");
    }

    private static Object embedded(Filled filled, String pointer) {
        return ((POJONode) filled.configuration().at(pointer)).getPojo();
    }

    private static Kept kept(String configuration) {
        return ConfigurationSecrets.kept(KEY, MARKS, tree(configuration));
    }

    private Filled filled(ObjectNode configuration) {
        return secrets.filled(KEY, SCHEMA, new Json(configuration.toString()), Purpose.OPEN);
    }

    private static ObjectNode tree(String text) {
        return (ObjectNode) Documents.tree(text);
    }
}
