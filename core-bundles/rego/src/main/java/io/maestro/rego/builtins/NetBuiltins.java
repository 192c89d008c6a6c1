package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Networks. Nothing here looks anything up. */
final class NetBuiltins {
    private static final int MOST_EXPANDED = 1 << 20;

    private NetBuiltins() {}

    static void addTo(Registry registry) {
        registry.add(
                "net.cidr_contains",
                "S,S",
                "B",
                (_, a) -> BoolValue.of(contains("net.cidr_contains", text(a[0]), text(a[1]))));
        registry.add("net.cidr_contains_matches", "SAOT,SAOT", "T", NetBuiltins::matches);
        registry.add("net.cidr_intersects", "S,S", "B", (_, a) -> {
            Network one = network("net.cidr_intersects", text(a[0]));
            Network other = network("net.cidr_intersects", text(a[1]));
            return BoolValue.of(one.contains(other) || other.contains(one));
        });
        registry.add(
                "net.cidr_is_valid",
                "X",
                "B",
                (_, a) -> BoolValue.of(a[0] instanceof StringValue text
                        && text.value().contains("/")
                        && Network.parse(text.value()) != null));
        registry.add("net.cidr_expand", "S", "T", (e, a) -> expand(e, network("net.cidr_expand", text(a[0]))));
        registry.add("net.cidr_merge", "AT", "T", NetBuiltins::merge);
    }

    private static Network network(String name, String text) {
        Network network = text.contains("/") ? Network.parse(text) : null;
        if (network == null) {
            throw BuiltinException.of(name, "invalid CIDR address: " + text);
        }
        return network;
    }

    private static Network networkOrAddress(String name, String text) {
        Network network = Network.parse(text);
        if (network == null) {
            throw BuiltinException.of(name, "not a valid textual representation of an IP address or CIDR: " + text);
        }
        return network;
    }

    private static boolean contains(String name, String network, String inner) {
        return network(name, network).contains(networkOrAddress(name, inner));
    }

    /** A network with the key that it is told by. */
    private record Keyed(Value key, String text) {}

    private static Value matches(Evaluation evaluation, Value[] a) {
        String name = "net.cidr_contains_matches";
        List<Keyed> networks = keyed(name, a[0], 1);
        List<Keyed> inner = keyed(name, a[1], 2);
        Set<Value> found = new HashSet<>();
        for (Keyed network : networks) {
            for (Keyed each : inner) {
                evaluation.meter().cells(1);
                if (contains(name, network.text(), each.text())) {
                    found.add(ArrayValue.of(network.key(), each.key()));
                }
            }
        }
        return SetValue.keeping(found);
    }

    private static List<Keyed> keyed(String name, Value value, int operand) {
        List<Keyed> keyed = new ArrayList<>();
        switch (value) {
            case StringValue text -> keyed.add(new Keyed(text, text.value()));
            case ArrayValue array -> {
                for (int i = 0; i < array.size(); i++) {
                    keyed.add(new Keyed(NumberValue.of(i), element(name, array.at(i), operand)));
                }
            }
            case SetValue set ->
                set.sorted().forEach(member -> keyed.add(new Keyed(member, element(name, member, operand))));
            case ObjectValue object ->
                object.keys().forEach(key -> keyed.add(new Keyed(key, element(name, object.at(key), operand))));
            default -> throw new IllegalStateException();
        }
        return keyed;
    }

    private static String element(String name, Value value, int operand) {
        Value first = value instanceof ArrayValue array && array.size() > 0 ? array.at(0) : value;
        if (!(first instanceof StringValue text)) {
            throw BuiltinException.of(name, "operand " + operand + ": element must be string or non-empty array");
        }
        return text.value();
    }

    private static Value expand(Evaluation evaluation, Network network) {
        BigInteger count = network.size();
        if (count.bitLength() > 30 || count.intValue() > MOST_EXPANDED) {
            evaluation.meter().cells(Long.MAX_VALUE >> 1);
        }
        evaluation.meter().cells(3L * count.intValue());
        Set<Value> addresses = new HashSet<>();
        for (int i = 0; i < count.intValue(); i++) {
            BigInteger address = network.first().add(BigInteger.valueOf(i));
            addresses.add(StringValue.of(Network.show(address, network.bits())));
        }
        return SetValue.keeping(addresses);
    }

    private static Value merge(Evaluation evaluation, Value[] a) {
        List<Network> networks = new ArrayList<>();
        for (String text : Registry.texts("net.cidr_merge", a[0], 1)) {
            evaluation.meter().cells(2);
            Network network = text.contains("/") ? Network.parse(text) : Network.ofClass(text);
            if (network == null) {
                throw BuiltinException.of(
                        "net.cidr_merge", "invalid CIDR address or IPv6 address without prefix: " + text);
            }
            networks.add(network);
        }
        networks.sort(Comparator.comparingInt(Network::bits)
                .thenComparing(Network::first)
                .thenComparingInt(Network::prefix));
        List<Network> merged = new ArrayList<>();
        for (Network network : networks) {
            evaluation.meter().step();
            Network next = network;
            if (!merged.isEmpty() && merged.getLast().contains(next)) {
                continue;
            }
            while (!merged.isEmpty() && merged.getLast().isLowerHalfWith(next)) {
                next = merged.removeLast().doubled();
            }
            merged.add(next);
        }
        Set<Value> shown = new HashSet<>();
        merged.forEach(network -> shown.add(StringValue.of(network.toString())));
        return SetValue.keeping(shown);
    }
}
