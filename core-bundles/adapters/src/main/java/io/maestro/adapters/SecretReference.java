package io.maestro.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.Secret;
import io.maestro.api.secrets.SecretName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a configuration in place of a secret: {@code {"$secret": "NAME"}}, or with {@code "as": "json"} when the
 * secret's value is a document and not a text.
 *
 * @param name of the secret, in the scope of the instance
 * @param json whether its value is read as JSON
 */
record SecretReference(SecretName name, boolean json) {
    private static final String NAME = "$secret";
    private static final String AS = "as";
    private static final String JSON = "json";

    /** The reference that this is; null when it is a value. */
    static @Nullable SecretReference of(JsonNode node) {
        if (!node.isObject() || !node.path(NAME).isTextual()) {
            return null;
        }
        boolean json = node.path(AS).asText().equals(JSON);
        return node.size() == (json ? 2 : 1)
                ? new SecretReference(new SecretName(node.path(NAME).textValue()), json)
                : null;
    }

    /** What refers to this value once it is kept by this name. */
    static SecretReference to(SecretName name, JsonNode value) {
        return new SecretReference(name, !value.isTextual());
    }

    ObjectNode node() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put(NAME, name.value());
        return json ? node.put(AS, JSON) : node;
    }

    /** The value as it is kept. */
    static Secret kept(JsonNode value) {
        return new Secret(value.isTextual() ? value.textValue() : value.toString());
    }

    /** The value as the schema sees it. */
    JsonNode plain(Secret secret) {
        return json ? Documents.foreign(secret.reveal()) : JsonNodeFactory.instance.textNode(secret.reveal());
    }

    /** The value as the adapter is given it: a text stays wrapped. */
    JsonNode given(Secret secret) {
        return json ? plain(secret) : JsonNodeFactory.instance.pojoNode(secret);
    }

    /** The texts in the value, which no log may show. */
    List<String> texts(Secret secret) {
        return SecretProperties.values(plain(secret));
    }
}
