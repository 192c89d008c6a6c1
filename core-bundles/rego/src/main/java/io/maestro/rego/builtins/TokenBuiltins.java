package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON Web Tokens: reading, verifying and making them, by the JDK's cryptography. */
final class TokenBuiltins {
    private static final int COST = 2_000;
    private static final int MOST_NESTED = 5;
    private static final Set<String> CONSTRAINTS = Set.of("cert", "secret", "alg", "iss", "aud", "time");
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    private TokenBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("io.jwt.decode", "S", "A", (e, a) -> decode(e, text(a[0])));
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            String name = "io.jwt.verify_" + algorithm.header().toLowerCase(Locale.ROOT);
            registry.add(name, "S,S", "B", (e, a) -> {
                e.meter().steps(COST);
                Token token = Token.parse(name, text(a[0]));
                return BoolValue.of(
                        algorithm.isSecret()
                                ? algorithm.verifies(EncodingBuiltins.bytes(a[1]), token.signed(), token.signature())
                                : TokenKeys.read(name, text(a[1])).stream()
                                        .anyMatch(key ->
                                                algorithm.verifies(key.key(), token.signed(), token.signature())));
            });
        }
        registry.add("io.jwt.decode_verify", "S,O", "A", (e, a) -> decodeVerify(e, text(a[0]), (ObjectValue) a[1]));
        registry.add("io.jwt.encode_sign", "O,O,O", "S", (e, a) -> {
            e.meter().text(8L * a[0].bulk() + 8L * a[1].bulk());
            return sign(e, "io.jwt.encode_sign", a[0].json(), a[1].json(), (ObjectValue) a[2]);
        });
        registry.add(
                "io.jwt.encode_sign_raw",
                "S,S,S",
                "S",
                (e, a) -> sign(
                        e,
                        "io.jwt.encode_sign_raw",
                        text(a[0]),
                        text(a[1]),
                        object("io.jwt.encode_sign_raw", text(a[2]), "invalid key")));
    }

    private static ObjectValue object(String name, String text, String what) {
        try {
            if (Json.read(text) instanceof ObjectValue object) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of(name, what + ": " + e.getMessage());
        }
        throw BuiltinException.of(name, what);
    }

    /** The three parts of a token. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Token(String head, String body, String tail, byte[] signature) {
        static Token parse(String name, String text) {
            String[] parts = text.split("\\.", -1);
            if (parts.length != 3) {
                throw BuiltinException.of(name, "encoded JWT must have 3 sections, found " + parts.length);
            }
            return new Token(parts[0], parts[1], parts[2], bytes(name, "signature", parts[2]));
        }

        private static byte[] bytes(String name, String what, String part) {
            try {
                return Base64.getUrlDecoder().decode(part);
            } catch (IllegalArgumentException e) {
                throw BuiltinException.of(name, "JWT " + what + " had invalid encoding: illegal base64 data");
            }
        }

        byte[] signed() {
            return (head + "." + body).getBytes(StandardCharsets.US_ASCII);
        }

        ObjectValue header(String name) {
            String json = new String(bytes(name, "header", head), StandardCharsets.UTF_8);
            ObjectValue header = object(name, json, "JWT header is no JSON object");
            if (header.get("enc") != null) {
                throw BuiltinException.of(name, "JWT is a JWE object, which is not supported");
            }
            return header;
        }

        String payload(String name) {
            return new String(bytes(name, "payload", body), StandardCharsets.UTF_8);
        }

        /** The token inside this one; null when there is none. */
        @Nullable
        String nested(String name, ObjectValue header) {
            boolean nested = header.get("cty") instanceof StringValue kind
                    && kind.value().equalsIgnoreCase("JWT");
            if (!nested) {
                return null;
            }
            String text = payload(name);
            return text.startsWith("\"") && text.endsWith("\"") && text.length() > 1
                    ? text.substring(1, text.length() - 1)
                    : text;
        }
    }

    private static Value decode(Evaluation evaluation, String text) {
        String name = "io.jwt.decode";
        String inner = text;
        for (int i = 0; i < MOST_NESTED; i++) {
            evaluation.meter().text(2L * inner.length());
            Token token = Token.parse(name, inner);
            ObjectValue header = token.header(name);
            String nested = token.nested(name, header);
            if (nested == null) {
                ObjectValue payload = object(name, token.payload(name), "JWT payload is no JSON object");
                return ArrayValue.of(
                        header, payload, StringValue.of(HexFormat.of().formatHex(token.signature())));
            }
            inner = nested;
        }
        throw BuiltinException.of(name, "tokens are nested too deep");
    }

    /** What a policy asks of a token. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Constraints(
            List<TokenKeys.Named> keys,
            byte @Nullable [] secret,
            @Nullable String algorithm,
            @Nullable String issuer,
            @Nullable String audience,
            BigDecimal time) {
        static Constraints of(Evaluation evaluation, String name, ObjectValue given) {
            for (Value key : given.keys()) {
                if (!(key instanceof StringValue member) || !CONSTRAINTS.contains(member.value())) {
                    throw BuiltinException.of(name, "unknown token validation constraint: " + Registry.shown(key));
                }
            }
            String certificate = text(name, given, "cert");
            String secret = text(name, given, "secret");
            if ((certificate == null) == (secret == null)) {
                throw BuiltinException.of(name, secret == null ? "no key constraint" : "duplicate key constraints");
            }
            return new Constraints(
                    certificate == null ? List.of() : TokenKeys.read(name, certificate),
                    secret == null ? null : secret.getBytes(StandardCharsets.UTF_8),
                    text(name, given, "alg"),
                    text(name, given, "iss"),
                    text(name, given, "aud"),
                    time(evaluation, name, given.get("time")));
        }

        private static @Nullable String text(String name, ObjectValue given, String member) {
            Value value = given.get(member);
            if (value != null && !(value instanceof StringValue)) {
                throw BuiltinException.of(name, member + " constraint: must be a string");
            }
            return value == null ? null : ((StringValue) value).value();
        }

        private static BigDecimal time(Evaluation evaluation, String name, @Nullable Value given) {
            if (given == null) {
                Instant now = evaluation.now();
                return BigDecimal.valueOf(now.getEpochSecond()).multiply(NANOS).add(BigDecimal.valueOf(now.getNano()));
            }
            if (!(given instanceof NumberValue number)) {
                throw BuiltinException.of(name, "token time constraint: must be a number");
            }
            return number.decimal();
        }

        boolean verifies(SignatureAlgorithm used, @Nullable String keyId, Token token) {
            if (algorithm != null && !algorithm.equals(used.header())) {
                return false;
            }
            if (secret != null) {
                return used.verifies(secret, token.signed(), token.signature());
            }
            List<TokenKeys.Named> named = keys.stream()
                    .filter(key -> keyId != null && keyId.equals(key.id()))
                    .toList();
            return (named.isEmpty() ? keys : named)
                    .stream()
                            .filter(key ->
                                    key.algorithm() == null || key.algorithm().equals(used.header()))
                            .anyMatch(key -> used.verifies(key.key(), token.signed(), token.signature()));
        }
    }

    private static Value decodeVerify(Evaluation evaluation, String text, ObjectValue given) {
        String name = "io.jwt.decode_verify";
        Constraints constraints = Constraints.of(evaluation, name, given);
        Value refused = ArrayValue.of(BoolValue.FALSE, ObjectValue.EMPTY, ObjectValue.EMPTY);
        String inner = text;
        for (int i = 0; i < MOST_NESTED; i++) {
            evaluation.meter().steps(COST);
            Token token = Token.parse(name, inner);
            ObjectValue header = token.header(name);
            if (!(header.get("alg") instanceof StringValue alg)) {
                return refused;
            }
            SignatureAlgorithm algorithm = SignatureAlgorithm.of(alg.value());
            if (algorithm == null || header.get("crit") != null) {
                return refused;
            }
            String keyId = header.get("kid") instanceof StringValue kid ? kid.value() : null;
            if (!constraints.verifies(algorithm, keyId, token)) {
                return refused;
            }
            String nested = token.nested(name, header);
            if (nested == null) {
                ObjectValue payload = object(name, token.payload(name), "JWT payload is no JSON object");
                return holds(name, constraints, payload) ? ArrayValue.of(BoolValue.TRUE, header, payload) : refused;
            }
            inner = nested;
        }
        throw BuiltinException.of(name, "tokens are nested too deep");
    }

    private static boolean holds(String name, Constraints constraints, ObjectValue payload) {
        if (constraints.issuer() != null
                && !StringValue.of(constraints.issuer()).equals(payload.get("iss"))) {
            return false;
        }
        if (!hasAudience(constraints.audience(), payload.get("aud"))) {
            return false;
        }
        BigDecimal expiry = time(name, payload, "exp");
        BigDecimal begin = time(name, payload, "nbf");
        return (expiry == null || constraints.time().compareTo(expiry) < 0)
                && (begin == null || constraints.time().compareTo(begin) >= 0);
    }

    /** A token for somebody is refused by those who do not say who they are. */
    private static boolean hasAudience(@Nullable String wanted, @Nullable Value audience) {
        if (wanted == null) {
            return audience == null;
        }
        return switch (audience) {
            case StringValue one -> one.value().equals(wanted);
            case ArrayValue many -> many.members().contains(StringValue.of(wanted));
            case null, default -> false;
        };
    }

    private static @Nullable BigDecimal time(String name, ObjectValue payload, String member) {
        Value value = payload.get(member);
        if (value == null) {
            return null;
        }
        if (!(value instanceof NumberValue number)) {
            throw BuiltinException.of(name, member + " value must be a number");
        }
        return number.decimal().multiply(NANOS);
    }

    private static Value sign(Evaluation evaluation, String name, String header, String payload, ObjectValue key) {
        evaluation.meter().steps(COST);
        evaluation.meter().text(2L * (header.length() + payload.length()));
        ObjectValue parsed = object(name, header, "missing or invalid 'alg' header");
        if (!(parsed.get("alg") instanceof StringValue alg)) {
            throw BuiltinException.of(name, "missing or invalid 'alg' header");
        }
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(alg.value());
        if (algorithm == null) {
            throw BuiltinException.of(name, "unknown JWS algorithm: " + alg.value());
        }
        Value kind = parsed.get("typ");
        if (kind == null || (kind instanceof StringValue text && text.value().equals("JWT"))) {
            checkPayload(name, payload);
        }
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed = encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        byte[] message = signed.getBytes(StandardCharsets.US_ASCII);
        byte[] secret = TokenKeys.secret(name, key);
        byte[] signature = algorithm.isSecret() == (secret != null)
                ? secret != null
                        ? algorithm.sign(secret, message)
                        : algorithm.sign(TokenKeys.privateKey(name, key), message)
                : null;
        if (signature == null) {
            throw BuiltinException.of(name, "the key does not fit the algorithm " + algorithm.header());
        }
        return StringValue.of(signed + "." + encoder.encodeToString(signature));
    }

    private static void checkPayload(String name, String payload) {
        try {
            Json.read(payload);
        } catch (IllegalArgumentException e) {
            throw BuiltinException.of(name, "type is JWT but payload is not JSON");
        }
    }
}
