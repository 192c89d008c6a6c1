package io.maestro.adapter.spi;

import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.model.OperationName;
import io.maestro.model.TypeName;
import java.util.List;
import java.util.Optional;

/**
 * A category of outside system with a contract of operations.
 *
 * @param name the category
 * @param contractVersion the version of the contract, {@code MAJOR.MINOR}
 * @param contract the interface that an instance implements
 * @param operations what can be called, in the order of the documentation
 * @param <T> the interface that an instance implements
 */
public record AdapterType<T extends AdapterInstance>(
        TypeName name, String contractVersion, Class<T> contract, List<Operation<T, ?, ?>> operations) {

    /** Copies the list. */
    public AdapterType {
        operations = List.copyOf(operations);
    }

    /** The types that this version of the contract knows. */
    public static List<AdapterType<?>> all() {
        return List.of(ObjectStorage.TYPE, IdentityProvider.TYPE, UserDirectory.TYPE);
    }

    /** The operation of that name, if the type has it. */
    public Optional<Operation<T, ?, ?>> operation(OperationName wanted) {
        return operations.stream()
                .filter(operation -> operation.name().equals(wanted))
                .findFirst();
    }
}
