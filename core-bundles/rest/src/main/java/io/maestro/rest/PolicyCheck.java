package io.maestro.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyInput.Content;
import io.maestro.api.policy.Reason;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the policy before one endpoint: after the right to it was checked, and before anything is done. */
@Priority(Priorities.AUTHORIZATION + 100)
final class PolicyCheck implements ContainerRequestFilter, ContainerResponseFilter {
    static final String APPROVAL = "Maestro-Approval";
    static final String WARNING = "Maestro-Policy-Warning";

    private static final System.Logger LOG = System.getLogger(PolicyCheck.class.getName());
    private static final String ANSWERED = "io.maestro.rest.answered";
    private static final String OWED = "io.maestro.rest.owed";
    private static final int MOST_WARNINGS = 10;
    private static final int LONGEST_SUBJECT = 400;

    /** What a member of a body is called when it is nobody's business. */
    private static final Set<String> SECRET =
            Set.of("password", "secret", "token", "credential", "privatekey", "apikey");

    private final Governance governance;
    private final Governed governed;
    private final boolean document;
    private final Wire wire;
    private final Function<byte[], Json> describe;

    /** A question that was asked, and its answer. */
    private record Answered(PolicyInput question, Decision decision) {}

    /**
     * The check before one endpoint.
     *
     * @param document whether it takes a JSON document
     * @param describe what whoever approves a body that is none is shown of it
     */
    PolicyCheck(
            Governance governance, Governed governed, boolean document, Wire wire, Function<byte[], Json> describe) {
        this.governance = governance;
        this.governed = governed;
        this.document = document;
        this.wire = wire;
        this.describe = describe;
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        byte[] bytes = bytes(request);
        Optional<ObjectNode> body = document && !governed.secret() ? body(bytes) : Optional.empty();
        PolicyInput input = new PolicyInput(
                governed.entryPoint(),
                governed.value(),
                Caller.actor(request),
                name(request, "tenant").map(TenantId::new).orElse(null),
                name(request, "environment").map(Environment::new).orElse(null),
                governed.value().substring(0, governed.value().indexOf('.')),
                subject(request, body),
                body.<Map<String, Json>>map(read -> Map.of("configuration", new Json(read.toString())))
                        .orElseGet(Map::of));
        PolicyInput question = input.of(() ->
                new Content(content(request, bytes), document || bytes.length == 0 ? null : describe.apply(bytes)));
        boolean dry = governed.planned() && Query.flag("dryRun", query(request, "dryRun"));
        if (governed.planned()) {
            // nobody is asked to approve what cannot be understood
            var _ = PlanBody.expected(query(request, "plan"));
        }
        if (dry || (governed.planned() && query(request, "plan") != null)) {
            Decision foreseen = governance.decide(question);
            Caller.foresee(request, foreseen);
            if (!dry && foreseen.outcome() == Outcome.APPROVAL && approval(request) == null) {
                // nobody is asked to approve what is no longer as it was planned: the plan is compared first
                Runnable later = () -> require(request, question);
                request.setProperty(OWED, later);
                return;
            }
        }
        if (!dry) {
            require(request, question);
        }
    }

    private void require(ContainerRequestContext request, PolicyInput question) {
        Decision decision = governance.require(question);
        Caller.allowed(request, decision);
        request.setProperty(ANSWERED, new Answered(question, decision));
    }

    /** Asks for the approval that an act needs, if that has waited for its plan to be compared; right before the act. */
    static void settle(ContainerRequestContext request) {
        if (request.getProperty(OWED) instanceof Runnable question) {
            request.removeProperty(OWED);
            question.run();
            // it needed one a moment ago, and what it is about to do does not know who allows it now
            throw Problem.of(
                            AdapterProblem.PLAN_CHANGED,
                            "what the policy says to it has changed meanwhile",
                            "Plan it once more, and agree to that plan.")
                    .asException();
        }
    }

    private static @Nullable String query(ContainerRequestContext request, String parameter) {
        return request.getUriInfo().getQueryParameters().getFirst(parameter);
    }

    private byte[] bytes(ContainerRequestContext request) throws IOException {
        byte[] bytes = document
                ? Wire.bounded(request.getEntityStream())
                : new BoundedInput(request.getEntityStream(), PackBodies.LARGEST_BUNDLE).readAllBytes();
        request.setEntityStream(new ByteArrayInputStream(bytes));
        return bytes;
    }

    /** Of all that the endpoint acts upon, so that an approval is for this and nothing else. */
    private static Digest content(ContainerRequestContext request, byte[] body) {
        URI uri = request.getUriInfo().getRequestUri();
        String head = request.getMethod() + "\n" + uri.getRawPath() + "\n"
                + Objects.requireNonNullElse(uri.getRawQuery(), "") + "\n";
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(head.getBytes(StandardCharsets.UTF_8));
            return Digest.of(sha.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Optional<String> name(ContainerRequestContext request, String parameter) {
        return Optional.ofNullable(request.getUriInfo().getPathParameters().getFirst(parameter));
    }

    private String subject(ContainerRequestContext request, Optional<ObjectNode> body) {
        String name = governed.subject().isEmpty()
                ? body.flatMap(PolicyCheck::name)
                        .or(() -> name(request, "tenant"))
                        .orElse("-")
                : name(request, governed.subject()).orElse("-");
        return name.length() <= LONGEST_SUBJECT ? name : name.substring(0, LONGEST_SUBJECT);
    }

    private static Optional<String> name(ObjectNode body) {
        for (String member : List.of("id", "name")) {
            if (body.path(member).isTextual() && !body.path(member).asText().isEmpty()) {
                return Optional.of(body.path(member).asText());
            }
        }
        return Optional.empty();
    }

    /** The document without what is secret in it. One that cannot be read is refused here, unseen by the endpoint. */
    private Optional<ObjectNode> body(byte[] bytes) {
        Optional<ObjectNode> object = Optional.ofNullable(wire.sent(bytes));
        object.ifPresent(PolicyCheck::strip);
        return object;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String plain = name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
                if (SECRET.stream().anyMatch(plain::endsWith)) {
                    object.remove(name);
                } else {
                    strip(object.get(name));
                }
            }
        } else {
            node.forEach(PolicyCheck::strip);
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(ANSWERED) instanceof Answered answered)) {
            return;
        }
        if (response.getStatus() < 400) {
            use(request, answered);
        }
        answered.decision().warnings().stream()
                .limit(MOST_WARNINGS)
                .forEach(warning -> response.getHeaders().add(WARNING, line(warning)));
    }

    /** What left a receipt has used its approval up with it; the rest does so here. */
    private void use(ContainerRequestContext request, Answered answered) {
        try {
            governance.use(answered.question(), answered.decision());
        } catch (RuntimeException e) {
            // the act is done; failing now would only hide it from the caller
            Caller.log(LOG, request).log(
                    Level.ERROR,
                    "the approval " + answered.decision().approval() + " of request " + Caller.correlationId(request)
                            + " is not used up",
                    e);
        }
    }

    /** Fit for a header: whatever else a message has is left out. */
    private static String line(Reason warning) {
        return (warning.rule() + ": " + warning.message()).replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** The approval that a request names; null when it names none. */
    static @Nullable String approval(ContainerRequestContext request) {
        String approval = request.getHeaderString(APPROVAL);
        return approval == null || approval.isBlank() || approval.length() > 100 ? null : approval.strip();
    }
}
