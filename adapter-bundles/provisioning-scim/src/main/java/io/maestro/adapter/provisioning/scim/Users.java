package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningRules;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Users as SCIM has them (RFC 7643, 4.1), and as the contract has them. */
final class Users {
    static final String SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";

    /** Parts of a name that would say something old beside new parts. */
    private static final List<String> NAME = List.of("givenName", "familyName", "formatted");

    private Users() {}

    /** The user that is created. */
    static Map<String, Object> created(CreateUser request) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("schemas", List.of(SCHEMA));
        user.put("externalId", request.externalId());
        user.put("active", ProvisioningRules.active(request));
        user.putAll(sent(request.attributes(), Map.of()));
        return user;
    }

    /** The user as it was, with these attributes and no others of the contract's. */
    static Map<String, @Nullable Object> replaced(Map<String, @Nullable Object> before, UserAttributes attributes) {
        Map<String, @Nullable Object> user = own(before);
        List.of("userName", "displayName", "name", "emails").forEach(user::remove);
        user.putAll(sent(attributes, before.get("name")));
        return user;
    }

    /**
     * The same as a change of single attributes, by path: null takes one away. What is not the contract's is not touched, least
     * of all {@code active}, which somebody else may have changed since the user was read.
     */
    static Map<String, @Nullable Object> replacement(Map<String, @Nullable Object> before, UserAttributes attributes) {
        Map<String, @Nullable Object> paths = new LinkedHashMap<>();
        Map<String, @Nullable Object> name = name(before.get("name"));
        paths.put("userName", attributes.userName());
        putInstead(paths, "name.givenName", name.get("givenName"), attributes.givenName());
        putInstead(paths, "name.familyName", name.get("familyName"), attributes.familyName());
        boolean renamed = !Objects.equals(name.get("givenName"), attributes.givenName())
                || !Objects.equals(name.get("familyName"), attributes.familyName());
        if (renamed && name.get("formatted") != null) {
            paths.put("name.formatted", null);
        }
        putInstead(paths, "displayName", before.get("displayName"), attributes.displayName());
        List<Map<String, Object>> emails = sentEmails(attributes);
        putInstead(
                paths,
                "emails",
                before.get("emails") instanceof List<?> kept && !kept.isEmpty() ? kept : null,
                emails.isEmpty() ? null : emails);
        return paths;
    }

    /** Directories refuse to take away what is not there. */
    private static void putInstead(
            Map<String, @Nullable Object> paths, String path, @Nullable Object before, @Nullable Object now) {
        if (before != null || now != null) {
            paths.put(path, now);
        }
    }

    /** The user as it was, with one attribute set. */
    static Map<String, @Nullable Object> with(
            Map<String, @Nullable Object> before, String attribute, @Nullable Object value) {
        Map<String, @Nullable Object> user = own(before);
        user.put(attribute, value);
        return user;
    }

    /** The user as it was, with these of the patchable attributes set. */
    static Map<String, @Nullable Object> with(Map<String, @Nullable Object> before, Map<String, String> set) {
        Map<String, @Nullable Object> user = own(before);
        Map<String, @Nullable Object> name = name(before.get("name"));
        set.forEach((attribute, value) -> (isOfName(attribute) ? name : user).put(attribute, value));
        if (set.keySet().stream().anyMatch(Users::isOfName)) {
            name.remove("formatted");
            user.put("name", name);
        }
        return user;
    }

    /** Where SCIM has an attribute of the contract. */
    static String path(String attribute) {
        return isOfName(attribute) ? "name." + attribute : attribute;
    }

    private static boolean isOfName(String attribute) {
        return NAME.contains(attribute);
    }

    /** Without what the directory alone decides on. */
    private static Map<String, @Nullable Object> own(Map<String, @Nullable Object> user) {
        Map<String, @Nullable Object> own = ScimJson.object();
        own.putAll(user);
        own.remove("meta");
        own.remove("groups");
        return own;
    }

    private static Map<String, @Nullable Object> name(@Nullable Object before) {
        Map<String, @Nullable Object> name = ScimJson.object();
        if (before instanceof Map<?, ?> parts) {
            parts.forEach((part, value) -> name.put(String.valueOf(part), value));
        }
        return name;
    }

    private static Map<String, Object> sent(UserAttributes attributes, @Nullable Object nameBefore) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("userName", attributes.userName());
        Map<String, @Nullable Object> name = name(nameBefore);
        NAME.forEach(name::remove);
        putIfKnown(name, "givenName", attributes.givenName());
        putIfKnown(name, "familyName", attributes.familyName());
        if (!name.isEmpty()) {
            user.put("name", name);
        }
        if (attributes.displayName() != null) {
            user.put("displayName", attributes.displayName());
        }
        List<Map<String, Object>> emails = sentEmails(attributes);
        if (!emails.isEmpty()) {
            user.put("emails", emails);
        }
        return user;
    }

    private static List<Map<String, Object>> sentEmails(UserAttributes attributes) {
        List<Map<String, Object>> emails = new ArrayList<>();
        for (String email : ProvisioningRules.emails(attributes)) {
            emails.add(Map.of("value", email, "primary", emails.isEmpty()));
        }
        return emails;
    }

    private static void putIfKnown(Map<String, @Nullable Object> target, String name, @Nullable String value) {
        if (value != null) {
            target.put(name, value);
        }
    }

    /** The attributes of the contract that have a value. */
    static List<String> named(UserAttributes attributes) {
        List<String> named = new ArrayList<>(List.of("userName"));
        if (attributes.givenName() != null) {
            named.add("givenName");
        }
        if (attributes.familyName() != null) {
            named.add("familyName");
        }
        if (attributes.displayName() != null) {
            named.add("displayName");
        }
        if (!ProvisioningRules.emails(attributes).isEmpty()) {
            named.add("emails");
        }
        return named;
    }

    /** Reads a user; {@code etags} is whether the directory has ETags at all. */
    static ProvisionedUser read(Map<String, @Nullable Object> user, About about, boolean etags) {
        String id = text(user.get("id"));
        String userName = text(user.get("userName"));
        if (id == null || userName == null) {
            throw Failures.notScim(about, "is no user: it lacks " + (id == null ? "id" : "userName"));
        }
        Map<String, @Nullable Object> name = name(user.get("name"));
        return new ProvisionedUser(
                id,
                text(user.get("externalId")),
                new UserAttributes(
                        userName,
                        text(name.get("givenName")),
                        text(name.get("familyName")),
                        text(user.get("displayName")),
                        emails(user.get("emails"))),
                // who is not said to be inactive may log in
                !Boolean.FALSE.equals(user.get("active")),
                values(user.get("groups")),
                values(user.get("roles")),
                etags ? etag(user) : null);
    }

    /** The state that the user is in; null when the directory does not say. */
    static @Nullable String etag(Map<String, @Nullable Object> user) {
        return user.get("meta") instanceof Map<?, ?> meta ? text(meta.get("version")) : null;
    }

    /** The values of a multi-valued attribute; null when it is absent. */
    static @Nullable List<String> values(@Nullable Object attribute) {
        if (!(attribute instanceof List<?> list)) {
            return null;
        }
        return list.stream().map(Users::value).filter(Objects::nonNull).toList();
    }

    private static @Nullable List<String> emails(@Nullable Object attribute) {
        if (!(attribute instanceof List<?> list)) {
            return null;
        }
        return values(list.stream()
                .sorted(Comparator.comparing(
                        email -> !(email instanceof Map<?, ?> parts && Boolean.TRUE.equals(parts.get("primary")))))
                .toList());
    }

    /** Some directories give plain texts where an object with a value should stand. */
    private static @Nullable String value(@Nullable Object item) {
        return text(item instanceof Map<?, ?> parts ? parts.get("value") : item);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text && !text.isBlank() ? text : null;
    }
}
