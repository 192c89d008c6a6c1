package io.maestro.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.http.HttpProblem;
import io.maestro.model.CallerProblem;
import io.maestro.model.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes the OpenAPI 3.1 document from the resources' annotations and records; the same code gives the same bytes. */
final class OpenApiDocument {
    private static final List<String> METHODS = List.of("get", "put", "post", "patch", "delete");

    /** What path and query parameters mean; one word has one meaning everywhere but for the two that say so. */
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("tenant", "The tenant's name."),
            Map.entry("environment", "The environment's name, for example dev."),
            Map.entry("instance", "The instance's name."),
            Map.entry("operation", "The operation's name, for example put_object."),
            Map.entry(
                    "key",
                    "The object's or the item's key. Slashes may stand as they are or as %2F; other reserved characters encoded."),
            Map.entry(
                    "secret",
                    "The secret's name. Slashes may stand as they are or as %2F; other reserved characters encoded."),
            Map.entry("name", "The adapter's or the policy pack's name; for a publisher's key the publisher's."),
            Map.entry("member", "The member's principal id. Slashes may stand as they are or as %2F."),
            Map.entry("dryRun", "true to be told only what would be done."),
            Map.entry("type", "The adapter type's name, for example storage."),
            Map.entry("adapter", "Only instances of this adapter, whatever the version."),
            Map.entry("publisher", "Only what this publisher signed."),
            Map.entry("risk", "Only this risk: low, medium or high."),
            Map.entry("owner", "Only owners that begin with it, in any case."),
            Map.entry("newest", "true for the newest version of each name only."),
            Map.entry("preReleases", "true when pre-releases count as newest; else they never do."),
            Map.entry("wanted", "Only instances wanted so: running or stopped."),
            Map.entry("observed", "Only instances observed so: pending, running, stopped or failed."),
            Map.entry("sort", "What decides the order; a hyphen before it turns it round."),
            Map.entry("version", "A semantic version."),
            Map.entry("fingerprint", "The key's fingerprint, with or without sha256:."),
            Map.entry(
                    "id",
                    "The public part of the token or session; the receipt's id; a receipt key's fingerprint; the end of a"
                            + " redirectUri."),
            Map.entry("provider", "The identity provider's name."),
            Map.entry("returnTo", "Where the browser goes after the login: a path of this server; / when left out."),
            Map.entry("state", "As the provider brings it back."),
            Map.entry("code", "As the provider brings it back."),
            Map.entry("iss", "As the provider brings it back."),
            Map.entry("error", "As the provider brings it back."),
            Map.entry("rule", "Which rule was broken, for example tenant-boundary."),
            Map.entry("principal", "Whose, by the id that whoami shows."),
            Map.entry("action", "Only what did this, for example instance.create."),
            Map.entry("subjectType", "Only what was done to things of this kind, for example adapter-instance."),
            Map.entry("subject", "Only what was done to the thing of this name."),
            Map.entry("actor", "Only what this principal did."),
            Map.entry("path", "Only decisions of this entry point, for example adapter/install."),
            Map.entry(
                    "outcome",
                    "Only what ended so: decisions with allow, deny, approval or unavailable; calls with ok, rejected, failed,"
                            + " late, refused, cancelled or error."),
            Map.entry("series", "true to be told the last hour of each, minute by minute."),
            Map.entry("metric", "Only the metric of this name, for example mc_instances; may be given several times."),
            Map.entry("sum", "true for the sum of all series of each metric."),
            Map.entry("correlationId", "Only what this request led to."),
            Map.entry("kid", "The id of the key, as in the signatures that it makes."),
            Map.entry("decisionId", "The decision's id."),
            Map.entry("executionId", "The correlation id of the request or execution."),
            Map.entry("order", "newest or oldest first; newest when left out."),
            Map.entry("after", "Begin behind this place in the chain; 0 when left out."),
            Map.entry("from", "Not before this point in time."),
            Map.entry("until", "Before this point in time."),
            Map.entry("limit", "At most so many items."),
            Map.entry("cursor", "The value of next in the page before."),
            Map.entry(
                    "eventType", "The type of event, for example instance.observed; of a filter, several with commas."),
            Map.entry("prefix", "Only keys that start with it."),
            Map.entry(
                    "delimiter",
                    "What divides keys, usually a slash: those that have it behind the prefix are told as prefixes. None when left out."),
            Map.entry("rollout", "The rollout's id."),
            Map.entry("transfer", "The transfer's id."),
            Map.entry("region", "Where the data must stay, for example eu-central-1; a write has to say it."),
            Map.entry("kind", "What the items are, for example evidence or artifact."),
            Map.entry("plan", "The digest of a plan; the act is done only if its plan still has it."),
            Map.entry("waitSeconds", "Wait so long for the instance, 0 to 30; 10 when left out."),
            Map.entry("timeoutSeconds", "Give the call so long, 1 to 300; 30 when left out."));

    private final ObjectMapper mapper =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final OpenApiSchemas schemas = new OpenApiSchemas(mapper);

    /** One endpoint. */
    record Endpoint(String path, String verb, Method method) {}

    /** All endpoints by path and method. */
    static List<Endpoint> endpoints() {
        List<Endpoint> found = new ArrayList<>();
        for (Class<?> resource : RestApplication.RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                for (Annotation annotation : method.getAnnotations()) {
                    HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                    if (verb != null) {
                        found.add(new Endpoint(path(resource, method), verb.value(), method));
                    }
                }
            }
        }
        found.sort(Comparator.comparing(Endpoint::path)
                .thenComparingInt(e -> METHODS.indexOf(e.verb().toLowerCase(java.util.Locale.ROOT))));
        return found;
    }

    private static String path(Class<?> resource, Method method) {
        Path tail = method.getAnnotation(Path.class);
        String path = "/api" + resource.getAnnotation(Path.class).value() + (tail == null ? "" : "/" + tail.value());
        return path.replace("//", "/")
                .replace("{key: .+}", "{key}")
                .replace("{secret: .+}", "{secret}")
                .replace("{member: .+}", "{member}");
    }

    /** The document, with a line end after its last line. */
    String text() throws IOException {
        ObjectNode document = mapper.createObjectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Maestro Conductor")
                .put("version", "0.1.0")
                .put(
                        "description",
                        "Lists are {items, next}: follow next with the parameter cursor. Every failure is an"
                                + " application/problem+json with a stable code. Every answer carries X-Correlation-Id;"
                                + " one that is sent (up to 64 letters, digits and -_.:/+=) is kept.")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("identifier", "Apache-2.0");
        document.putArray("servers").addObject().put("url", "/");
        document.putArray("security").addObject().putArray("bearer");
        ObjectNode paths = document.putObject("paths");
        for (Endpoint endpoint : endpoints()) {
            paths.withObjectProperty(endpoint.path())
                    .set(endpoint.verb().toLowerCase(java.util.Locale.ROOT), operation(endpoint));
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "An API token, mst_…, or a JSON Web Token of an identity provider.");
        schemas.reference(ProblemBody.class);
        components.set("schemas", schemas.all());
        ObjectNode responses = components.putObject("responses");
        responses.set("Problem", problem("What went wrong", CallerProblem.INVALID_REQUEST.code(), 400));
        responses.set(
                "Unauthenticated", problem("No token, or one that is not good (any more)", "unauthenticated", 401));
        responses.set("Forbidden", problem("The token's holder may not do this", "forbidden", 403));
        responses.set("Failed", problem("A fault of the server", HttpProblem.SERVER_FAILED.code(), 500));
        return mapper.writeValueAsString(document).replace("\r\n", "\n") + "\n";
    }

    private ObjectNode problem(String description, String code, int status) throws IOException {
        ObjectNode response = mapper.createObjectNode().put("description", description);
        ObjectNode media = response.putObject("content").putObject("application/problem+json");
        media.set("schema", schemas.reference(ProblemBody.class));
        media.set(
                "example",
                mapper.readTree(new Wire()
                        .bytes(new ProblemBody(
                                "urn:maestro:problem:" + code,
                                "What kind of problem this is",
                                status,
                                "what happened this time",
                                "/api/tenants",
                                code,
                                status == 403 ? "policy_or_limit" : status == 500 ? "internal" : "caller",
                                "What to do about it.",
                                List.of(),
                                false,
                                null,
                                "5f1c9d0e7a2b4c68",
                                Map.of()))));
        return response;
    }

    private ObjectNode operation(Endpoint endpoint) throws IOException {
        Method method = endpoint.method();
        Operation described = method.getAnnotation(Operation.class);
        ObjectNode operation = mapper.createObjectNode();
        operation
                .putArray("tags")
                .add(
                        endpoint.path().contains("{environment}/instances")
                                ? "instances"
                                : endpoint.path().split("/", -1)[2]);
        operation.put("operationId", described.operationId()).put("summary", described.summary());
        if (!described.description().isEmpty()) {
            operation.put("description", described.description());
        }
        boolean open = method.getAnnotation(Open.class) != null;
        if (open) {
            operation.putArray("security");
        } else {
            operation.put(
                    "x-maestro-action",
                    method.getAnnotation(Allows.class).value().name());
        }
        parameters(operation, method);
        body(operation, method);
        ObjectNode responses = operation.putObject("responses");
        success(responses, endpoint);
        if (!open) {
            responses.putObject("401").put("$ref", "#/components/responses/Unauthenticated");
            responses.putObject("403").put("$ref", "#/components/responses/Forbidden");
        }
        responses.putObject("500").put("$ref", "#/components/responses/Failed");
        responses.putObject("default").put("$ref", "#/components/responses/Problem");
        return operation;
    }

    private void parameters(ObjectNode operation, Method method) {
        List<ObjectNode> all = new ArrayList<>();
        for (java.lang.reflect.Parameter parameter : method.getParameters()) {
            PathParam path = parameter.getAnnotation(PathParam.class);
            QueryParam query = parameter.getAnnotation(QueryParam.class);
            if (path != null) {
                all.add(parameter("path", path.value(), MEANINGS.get(path.value()), true));
            } else if (query != null) {
                ObjectNode one = parameter("query", query.value(), MEANINGS.get(query.value()), false);
                if (parameter.getType() == List.class) {
                    ObjectNode many = mapper.createObjectNode().put("type", "array");
                    many.set("items", one.get("schema"));
                    one.set("schema", many);
                }
                all.add(one);
            } else if (parameter.isAnnotationPresent(BeanParam.class)) {
                for (Field field : parameter.getType().getDeclaredFields()) {
                    String name = field.getAnnotation(QueryParam.class).value();
                    all.add(parameter("query", name, MEANINGS.get(name), false));
                }
            }
        }
        for (Parameter header : method.getAnnotationsByType(Parameter.class)) {
            all.add(parameter("header", header.name(), header.description(), false));
        }
        if (Guards.changes(method) && !method.isAnnotationPresent(ChangesNothing.class)) {
            all.add(parameter(
                    "header",
                    PolicyCheck.APPROVAL,
                    "The id of the approval by a second person, when the policy wants one.",
                    false));
        }
        if (method.getAnnotation(Idempotent.class) != null) {
            all.add(parameter(
                    "header",
                    Idempotency.KEY,
                    "Names the act for 24 hours: sent again with the same request, it is answered and not done again.",
                    false));
        }
        if (!all.isEmpty()) {
            operation.putArray("parameters").addAll(all);
        }
    }

    private ObjectNode parameter(String in, String name, @Nullable String meaning, boolean required) {
        if (meaning == null) {
            throw new IllegalStateException("the parameter " + name + " has no meaning in " + OpenApiDocument.class);
        }
        ObjectNode parameter = mapper.createObjectNode();
        parameter.put("name", name).put("in", in).put("description", meaning).put("required", required);
        boolean number =
                List.of("limit", "waitSeconds", "timeoutSeconds", "after").contains(name);
        parameter.putObject("schema").put("type", number ? "integer" : "string");
        return parameter;
    }

    private void body(ObjectNode operation, Method method) throws IOException {
        Consumes consumes = method.getAnnotation(Consumes.class);
        if (consumes == null) {
            return;
        }
        Class<?> type = Arrays.stream(method.getParameters())
                .filter(p -> p.getAnnotation(PathParam.class) == null
                        && p.getAnnotation(QueryParam.class) == null
                        && p.getAnnotation(Context.class) == null)
                .findFirst()
                .orElseThrow()
                .getType();
        ObjectNode body = operation.putObject("requestBody").put("required", needsBody(method));
        ObjectNode content = body.putObject("content");
        for (String media : consumes.value()) {
            ObjectNode entry = content.putObject(media);
            entry.set(
                    "schema",
                    type != InputStream.class
                            ? schemas.reference(type)
                            : media.equals("application/json") ? schemas.reference(Json.class) : schemas.bytes());
            String example = OpenApiSchemas.example(type);
            if (example != null) {
                entry.set("example", mapper.readTree(example));
            }
        }
    }

    /** The input of an operation may be left out; nothing else. */
    private static boolean needsBody(Method method) {
        return method.getDeclaringClass() != OperationsResource.class;
    }

    private void success(ObjectNode responses, Endpoint endpoint) {
        Method method = endpoint.method();
        Answers answers = method.getAnnotation(Answers.class);
        Class<?> type = answers == null ? method.getReturnType() : answers.value();
        int status = answers == null ? 200 : answers.status();
        int[] statuses = IntStream.concat(
                        IntStream.of(status), answers == null ? IntStream.empty() : IntStream.of(answers.also()))
                .sorted()
                .toArray();
        for (int each : statuses) {
            ObjectNode response = responses.putObject(Integer.toString(each)).put("description", meaning(each));
            headers(response, each, method);
            if (type != Void.class) {
                ObjectNode content = response.putObject("content");
                for (String mediaType : mediaTypes(type, method)) {
                    ObjectNode schema = schema(type, answers);
                    content.putObject(mediaType).set("schema", each == 200 && plans(method) ? orPlan(schema) : schema);
                }
                if (each == 200 && answers != null && answers.lines() != Void.class) {
                    content.putObject(ReceiptBodies.LINES).set("schema", schemas.reference(answers.lines()));
                }
            }
        }
        if (plans(method) && IntStream.of(statuses).noneMatch(each -> each == 200)) {
            ObjectNode planned = responses.putObject("200").put("description", "The plan, when dryRun is true.");
            headers(planned, 200, method);
            planned.putObject("content").putObject("application/json").set("schema", schemas.reference(PlanBody.class));
        }
        if (Arrays.stream(method.getAnnotationsByType(Parameter.class))
                        .anyMatch(p -> p.name().equals("If-None-Match"))
                && endpoint.verb().equals("GET")) {
            responses.putObject("304").put("description", "It is still in the state of If-None-Match.");
        }
    }

    /** Whether the endpoint can be asked for a plan instead. */
    private static boolean plans(Method method) {
        // who offboards a tenant is told what would go, which is no plan
        return Guards.takes(method, "dryRun") && Guards.takes(method, "plan");
    }

    private ObjectNode orPlan(ObjectNode done) {
        ObjectNode either = mapper.createObjectNode();
        either.putArray("anyOf").add(done).add(schemas.reference(PlanBody.class));
        return either;
    }

    private ObjectNode schema(Class<?> type, @Nullable Answers answers) {
        if (type == byte[].class) {
            return schemas.bytes();
        }
        if (type == String.class) {
            return schemas.text();
        }
        return answers != null && answers.list() ? schemas.list(type, answers.prefixes()) : schemas.reference(type);
    }

    private static List<String> mediaTypes(Class<?> type, Method method) {
        if (type != byte[].class && type != String.class) {
            return List.of(MediaType.APPLICATION_JSON);
        }
        Produces produces = method.getAnnotation(Produces.class);
        if (produces != null) {
            return Arrays.stream(produces.value())
                    .map(one -> one.replaceFirst(";.*", ""))
                    .toList();
        }
        return List.of(type == String.class ? MediaType.TEXT_PLAIN : MediaType.WILDCARD);
    }

    private void headers(ObjectNode response, int status, Method method) {
        Map<String, String> headers = new TreeMap<>();
        boolean tagged = Arrays.stream(method.getAnnotationsByType(Parameter.class))
                .anyMatch(p -> p.name().startsWith("If-") && status != 204);
        if (tagged) {
            headers.put("ETag", "Names this state.");
        }
        if (Arrays.stream(method.getAnnotationsByType(Parameter.class))
                .anyMatch(p -> p.name().equals("Range"))) {
            headers.put("Accept-Ranges", "bytes.");
            headers.put("Repr-Digest", "The SHA-256 of the whole object, if it was stored with one.");
            if (status == 206) {
                headers.put("Content-Range", "Which bytes they are, and of how many.");
            } else {
                headers.put("Content-Digest", "The SHA-256 of the body, if the object was stored with one.");
            }
        }
        if (status == 303) {
            headers.put("Location", "Where to go.");
        }
        if (status == 201 && method.getReturnType() != Object.class) {
            headers.put("Location", "Where it is, when it has an address of its own.");
        }
        if (method.getAnnotation(Idempotent.class) != null) {
            headers.put(Idempotency.REPLAYED, "true when this is the answer to an earlier request with the same key.");
        }
        if (!headers.isEmpty()) {
            ObjectNode node = response.putObject("headers");
            headers.forEach((name, text) -> node.putObject(name)
                    .put("description", text)
                    .putObject("schema")
                    .put("type", "string"));
        }
    }

    private static String meaning(int status) {
        return switch (status) {
            case 201 -> "It is made.";
            case 204 -> "It is done.";
            case 206 -> "The part that was asked for.";
            case 303 -> "Go to Location.";
            case 503 -> "The same, when it is not so.";
            default -> "The answer.";
        };
    }
}
