package io.maestro.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyInput.Content;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.AdapterManifest.Permissions;
import io.maestro.api.trust.AdapterManifest.Risk;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the host asks the policy: with all that it knows of an adapter, and never with a secret. */
final class Questions {
    private static final String INSTANCE = "adapter-instance";
    private static final String HOST = "system:adapters";

    private final Governance governance;

    Questions(Governance governance) {
        this.governance = governance;
    }

    /** Whether an artifact may become a definition. */
    static PolicyInput submit(AdapterManifest manifest, PublisherName publisher, Digest digest, Actor actor) {
        return new PolicyInput(
                EntryPoint.ADAPTER_SUBMIT,
                "adapter-definition.install",
                actor,
                null,
                null,
                "adapter-definition",
                manifest.id().toString(),
                Map.of("adapter", facts(manifest, publisher, digest)));
    }

    /** Whether a definition may be uninstalled; gives the actor back with the decision. */
    Actor uninstall(Definition definition, Actor actor) {
        return governance.allow(uninstalling(definition, actor));
    }

    /** What is asked before a definition is uninstalled. */
    static PolicyInput uninstalling(Definition definition, Actor actor) {
        return new PolicyInput(
                EntryPoint.ADAPTER_UNINSTALL,
                "adapter-definition.uninstall",
                actor,
                null,
                null,
                "adapter-definition",
                definition.id().toString(),
                Map.of("adapter", facts(definition)));
    }

    /** Whether an instance may be created. */
    static PolicyInput install(InstanceKey key, Definition definition, ObjectNode configuration, Actor actor) {
        return about(key, EntryPoint.ADAPTER_INSTALL, "instance.create", actor, definition, configuration);
    }

    /** Whether an instance may be given another configuration. */
    static PolicyInput configure(InstanceKey key, Definition definition, ObjectNode configuration, Actor actor) {
        return about(key, EntryPoint.ADAPTER_CONFIGURE, "instance.configure", actor, definition, configuration);
    }

    /**
     * Whether an instance may go to another version.
     *
     * @param why {@code upgrade} or {@code rollback}
     * @param row as it is
     * @param configuration for the version that is wanted
     */
    static PolicyInput move(
            InstanceRow row, String why, Definition current, Definition wanted, ObjectNode configuration, Actor actor) {
        EntryPoint entryPoint = why.equals("upgrade") ? EntryPoint.ADAPTER_UPGRADE : EntryPoint.ADAPTER_ROLLBACK;
        InstanceKey key = row.key();
        PolicyInput about = about(key, entryPoint, "instance." + why, actor, wanted, configuration);
        Map<String, Json> more = new LinkedHashMap<>(about.more());
        ObjectNode before = (ObjectNode) Documents.tree(row.configuration().text());
        more.put(
                "current",
                Json.object(Map.of(
                        "version", current.id().version(),
                        "adapter_risk_level", current.manifest().risk().level(),
                        "configuration", plain(current, before))));
        return PolicyInput.in(key.scope(), entryPoint, about.action(), actor, INSTANCE, key.instance(), more)
                .of(content(configuration));
    }

    /** Whether an instance may be started, stopped or deleted. */
    static PolicyInput change(
            EntryPoint entryPoint, String action, InstanceRow row, Definition definition, Actor actor) {
        ObjectNode configuration =
                (ObjectNode) Documents.tree(row.configuration().text());
        return about(row.key(), entryPoint, action, actor, definition, configuration);
    }

    /** What the policy says to it; nothing is asked of anybody else. */
    Decision decide(PolicyInput question) {
        return governance.decide(question);
    }

    /** Returns the actor with the decision when it may be done. */
    Actor allow(PolicyInput question) {
        return governance.allow(question);
    }

    /** Returns when it may be done. */
    Decision require(PolicyInput question) {
        return governance.require(question);
    }

    private static PolicyInput about(
            InstanceKey key,
            EntryPoint entryPoint,
            String action,
            Actor actor,
            Definition definition,
            ObjectNode configuration) {
        return PolicyInput.in(
                        key.scope(),
                        entryPoint,
                        action,
                        actor,
                        INSTANCE,
                        key.instance(),
                        Map.of("adapter", facts(definition), "configuration", plain(definition, configuration)))
                .of(content(configuration));
    }

    /**
     * Whether an operation may be called. Asked for every call.
     *
     * @param content all that the call would do; looked at only when it takes an approval
     * @return uses up the approval that the call needs, if it needs one: to be run right before the call
     */
    Runnable call(Binding binding, OperationName operation, CallOptions options, Supplier<Content> content) {
        return call(binding.scope, binding.instance, binding.facts, operation, options, content);
    }

    /**
     * The same of an instance that need not be open yet.
     *
     * @param facts as {@link Binding#facts}
     */
    Runnable call(
            Scope scope,
            InstanceId instance,
            Json facts,
            OperationName operation,
            CallOptions options,
            Supplier<Content> content) {
        PolicyInput question = new PolicyInput(
                EntryPoint.ADAPTER_CALL,
                "operation.call",
                options.caller(),
                scope.tenant(),
                scope.environment(),
                INSTANCE,
                instance.value(),
                Map.of("adapter", facts, "operation", new Json("\"" + operation.value() + "\"")),
                content);
        Decision decision = governance.require(question);
        return decision.approval() == null ? Questions::usesNothing : () -> governance.use(question, decision);
    }

    /** Of a call that takes no approval. */
    static void usesNothing() {
        // there is none
    }

    /** What is handed to an operation. */
    static Content arguments(byte[] input) {
        return new Content(Digest.sha256(input), Json.object(Map.of("arguments", new Json(new String(input, UTF_8)))));
    }

    /** What is handed to an operation that takes a stream, of which only its digest is known before. */
    static Content arguments(byte[] input, @Nullable Digest declared) {
        if (declared == null) {
            throw Problem.of(
                            AdapterProblem.CONTENT_DIGEST_REQUIRED,
                            "a second person has to approve this content, and the request does not say what it is",
                            "Send the header Content-Digest: sha-256=:BASE64:, with the SHA-256 of the content.")
                    .asException();
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("arguments", new Json(new String(input, UTF_8)));
        shown.put("digest", declared);
        Digest both = Digest.sha256(Digest.sha256(input).hex() + "\n" + declared.hex());
        return new Content(both, Json.object(shown));
    }

    /** Whether an instance may be given the value of a secret. The host asks as one that is confined to where it runs. */
    void secret(InstanceKey key, SecretName name, Purpose purpose, String correlationId) {
        Scope scope = key.scope();
        Actor host = new Actor(HOST, correlationId)
                .with(new Standing(java.util.List.of(), scope.tenant(), scope.environment(), Map.of(), null));
        Json secret = Json.object(Map.of(
                "name", name.value(),
                "purpose", purpose.name().toLowerCase(Locale.ROOT),
                "instance", key.instance().value()));
        var _ = governance.require(PolicyInput.in(
                scope, EntryPoint.SECRET_READ, "secret.read", host, "secret", name, Map.of("secret", secret)));
    }

    /** The configuration without what is secret in it, references included. */
    private static Json plain(Definition definition, ObjectNode configuration) {
        ObjectNode places = SecretProperties.find(
                Documents.tree(definition.manifest().configuration().text()), configuration);
        ObjectNode plain = configuration.deepCopy();
        ObjectNode nothing = JsonNodeFactory.instance.objectNode();
        places.fieldNames().forEachRemaining(place -> nothing.set(place, JsonNodeFactory.instance.nullNode()));
        SecretProperties.put(plain, nothing);
        withoutNulls(plain);
        return new Json(plain.toString());
    }

    /** Of all that was given, secrets and references to them included: an approval is for these, and no others. */
    private static Digest content(ObjectNode configuration) {
        return Digest.sha256(configuration.toString());
    }

    private static void withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(member -> member.getValue().isNull());
        }
        node.forEach(Questions::withoutNulls);
    }

    /** What policies are told of an adapter. */
    static Json facts(Definition definition) {
        return facts(definition.manifest(), definition.publisher(), definition.digest());
    }

    private static Json facts(AdapterManifest manifest, PublisherName publisher, Digest digest) {
        Risk risk = manifest.risk();
        Permissions permissions = manifest.permissions();
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("hosts", permissions.network());
        wanted.put("imports", permissions.packages());
        wanted.put("files", permissions.files());
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", manifest.id().name());
        members.put("version", manifest.id().version());
        members.put("type", manifest.type());
        members.put("publisher", publisher);
        members.put("digest", digest);
        members.put("adapter_risk_level", risk.level());
        members.put("data_sensitivity", risk.dataSensitivity());
        members.put("requires_approval", risk.requiresApproval());
        members.put("permissions", Json.object(wanted));
        return Json.object(members);
    }
}
