package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.Secret;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.secrets.InstanceSecrets.Values;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The secrets in configurations: those that a caller gives as values are kept under names of the instance's own, and only
 * references stay. Blocks on the secrets; any thread.
 */
final class ConfigurationSecrets {
    private final InstanceSecrets secrets;
    private final Questions policy;

    ConfigurationSecrets(InstanceSecrets secrets, Questions policy) {
        this.secrets = secrets;
        this.policy = policy;
    }

    /**
     * A configuration as it is kept.
     *
     * @param configuration with references in place of secrets
     * @param owned the values that were in it, by the names under which they are to be kept
     * @param used the names of all secrets that it refers to
     */
    record Kept(ObjectNode configuration, Map<SecretName, Secret> owned, Set<SecretName> used) {}

    /**
     * A configuration as an adapter is given it.
     *
     * @param configuration with its secrets
     * @param texts what no log may show
     * @param stamp tells the values from later ones
     * @param lineage tells the values from all others
     */
    record Filled(ObjectNode configuration, List<String> texts, long stamp, String lineage) {}

    /** The same configuration with the values that it refers to, to be checked against the schema. */
    ObjectNode resolved(InstanceKey key, JsonNode schema, ObjectNode configuration, Actor actor) {
        Map<String, SecretReference> references = references(schema, configuration);
        if (references.isEmpty()) {
            return configuration;
        }
        Values values = read(key, references, Purpose.CHECK, actor.correlationId());
        ObjectNode plain = JsonNodeFactory.instance.objectNode();
        references.forEach((place, reference) -> plain.set(place, reference.plain(value(values, reference))));
        ObjectNode resolved = configuration.deepCopy();
        SecretProperties.put(resolved, plain);
        return resolved;
    }

    /**
     * The configuration that is to replace a stored one: a secret that it leaves out stays, one that is null goes. Within a
     * list nothing stays by itself, because which item is which is not known.
     *
     * @param stored with references in place of secrets
     */
    static ObjectNode over(ObjectNode stored, JsonNode schema, ObjectNode given) {
        ObjectNode whole = given.deepCopy();
        for (Map.Entry<String, JsonNode> place :
                SecretProperties.find(schema, stored).properties()) {
            JsonPointer pointer = JsonPointer.compile(place.getKey());
            String property = pointer.last().getMatchingProperty();
            if (!withinList(stored, pointer) && whole.at(pointer.head()) instanceof ObjectNode parent) {
                if (!parent.has(property)) {
                    parent.set(property, place.getValue());
                } else if (parent.path(property).isNull()) {
                    parent.remove(property);
                }
            }
        }
        return whole;
    }

    private static boolean withinList(JsonNode tree, JsonPointer pointer) {
        JsonNode node = tree;
        for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
            if (node.isArray()) {
                return true;
            }
            node = node.path(rest.getMatchingProperty());
        }
        return false;
    }

    /**
     * Takes the values out.
     *
     * @throws ProblemException when a reference names a secret that one of the values is to be kept as: that place would get
     *     what was given for another
     */
    static Kept kept(InstanceKey key, JsonNode schema, ObjectNode configuration) {
        Map<SecretName, Secret> owned = new HashMap<>();
        Map<String, SecretName> named = new TreeMap<>();
        ObjectNode references = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> place :
                SecretProperties.find(schema, configuration).properties()) {
            SecretReference reference = SecretReference.of(place.getValue());
            if (reference == null) {
                SecretName name = SecretName.owned(key.instance(), place.getKey());
                owned.put(name, SecretReference.kept(place.getValue()));
                reference = SecretReference.to(name, place.getValue());
            } else {
                named.put(place.getKey(), reference.name());
            }
            references.set(place.getKey(), reference.node());
        }
        requireNoneOf(owned.keySet(), named);
        Set<SecretName> used = new HashSet<>(owned.keySet());
        used.addAll(named.values());
        ObjectNode rest = configuration.deepCopy();
        SecretProperties.put(rest, references);
        return new Kept(rest, owned, used);
    }

    private static void requireNoneOf(Set<SecretName> owned, Map<String, SecretName> named) {
        List<Violation> violations = named.entrySet().stream()
                .filter(place -> owned.contains(place.getValue()))
                .map(place -> new Violation(
                        place.getKey(),
                        "refers to " + place.getValue() + ", which the value given at another place would replace"))
                .toList();
        if (!violations.isEmpty()) {
            Violation first = violations.getFirst();
            throw Problem.of(
                            AdapterProblem.CONFIGURATION_INVALID,
                            first.pointer() + ": " + first.detail(),
                            "Give a value there as well, or put what both are to use as a secret with a name of its own and"
                                    + " refer to it at both places.")
                    .with(violations)
                    .asException();
        }
    }

    /** Puts the current values in. */
    Filled filled(InstanceKey key, Json schema, Json configuration, Purpose purpose) {
        return filled(key, Documents.tree(schema.text()), (ObjectNode) Documents.tree(configuration.text()), purpose);
    }

    /** Puts the current values in where references stand; values that are not kept yet stay what they are. */
    Filled filled(InstanceKey key, JsonNode schema, ObjectNode configuration, Purpose purpose) {
        Map<String, SecretReference> references = references(schema, configuration);
        Values values = read(key, references, purpose, "-");
        ObjectNode given = JsonNodeFactory.instance.objectNode();
        List<String> texts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> place :
                SecretProperties.find(schema, configuration).properties()) {
            @Nullable SecretReference known = references.get(place.getKey());
            SecretReference reference = known == null
                    ? SecretReference.to(SecretName.owned(key.instance(), place.getKey()), place.getValue())
                    : known;
            Secret secret = known == null ? SecretReference.kept(place.getValue()) : value(values, known);
            given.set(place.getKey(), reference.given(secret));
            texts.addAll(reference.texts(secret));
        }
        ObjectNode tree = configuration.deepCopy();
        SecretProperties.put(tree, given);
        return new Filled(tree, texts, values.stamp(), values.lineage());
    }

    /** The names of the secrets that a configuration refers to. */
    static Set<SecretName> used(JsonNode schema, ObjectNode configuration) {
        Set<SecretName> names = new HashSet<>();
        references(schema, configuration).values().forEach(reference -> names.add(reference.name()));
        return names;
    }

    private Values read(
            InstanceKey key, Map<String, SecretReference> references, Purpose purpose, String correlationId) {
        Set<SecretName> names = new HashSet<>();
        references.values().forEach(reference -> names.add(reference.name()));
        names.forEach(name -> policy.secret(key, name, purpose, correlationId));
        return names.isEmpty() ? Values.NONE : secrets.read(key.scope(), key.instance(), names, purpose, correlationId);
    }

    private static Map<String, SecretReference> references(JsonNode schema, ObjectNode configuration) {
        Map<String, SecretReference> references = new HashMap<>();
        for (Map.Entry<String, JsonNode> place :
                SecretProperties.find(schema, configuration).properties()) {
            SecretReference reference = SecretReference.of(place.getValue());
            if (reference != null) {
                references.put(place.getKey(), reference);
            }
        }
        return references;
    }

    private static Secret value(Values values, SecretReference reference) {
        @Nullable Secret value = values.values().get(reference.name());
        if (value == null) {
            throw new IllegalStateException("the secret " + reference.name() + " was not read");
        }
        return value;
    }
}
