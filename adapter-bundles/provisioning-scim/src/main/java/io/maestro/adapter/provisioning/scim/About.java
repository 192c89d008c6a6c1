package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import java.util.List;
import java.util.Locale;

/**
 * What a request is about, for the message when it fails.
 *
 * @param subject the user or group, as it is named in a sentence
 * @param attributes those whose values are sent
 * @param whenMissing what a 404 means
 */
record About(String subject, List<String> attributes, ProvisioningProblem whenMissing) {
    /** A user by whatever it is known by, which need not be there. */
    static About user(String name, List<String> attributes) {
        return new About("the user " + quoted(name), attributes, ProvisioningProblem.PROVISIONING_USER_NOT_FOUND);
    }

    /** A user that is not there yet: the collection that it is sought in or put into is. */
    static About newUser(String name, List<String> attributes) {
        return new About("the user " + quoted(name), attributes, ProvisioningProblem.PROVISIONING_FAILED);
    }

    /** All users. */
    static About users() {
        return new About("the list of users", List.of(), ProvisioningProblem.PROVISIONING_FAILED);
    }

    /** A user in a group or with a role. */
    static About membership(String user, String target, String attribute) {
        return new About(
                "the user " + quoted(user) + " and " + quoted(target),
                List.of(attribute),
                ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND);
    }

    /** What the directory says of itself. */
    static About directory() {
        return new About("the directory itself", List.of(), ProvisioningProblem.PROVISIONING_FAILED);
    }

    /** The subject, and those of the attributes that the directory mentions, or all when it mentions none. */
    String with(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        List<String> mentioned = attributes.stream()
                .filter(attribute -> lower.contains(attribute.toLowerCase(Locale.ROOT)))
                .toList();
        List<String> named = mentioned.isEmpty() ? attributes : mentioned;
        return switch (named.size()) {
            case 0 -> subject;
            case 1 -> subject + ", attribute " + named.getFirst();
            default -> subject + ", one of the attributes " + String.join(", ", named);
        };
    }

    private static String quoted(String name) {
        return '"' + Failures.printable(name) + '"';
    }
}
