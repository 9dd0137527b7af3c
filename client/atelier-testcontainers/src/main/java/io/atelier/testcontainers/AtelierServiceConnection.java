package io.atelier.testcontainers;

import io.atelier.springai.AtelierConnectionDetails;
import java.net.URI;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

/** Gives the starter the address of a container with {@code @ServiceConnection}. */
final class AtelierServiceConnection
        extends ContainerConnectionDetailsFactory<AtelierContainer, AtelierConnectionDetails> {

    @Override
    protected AtelierConnectionDetails getContainerConnectionDetails(
            ContainerConnectionSource<AtelierContainer> source) {
        return new ContainerDetails(source);
    }

    private static final class ContainerDetails extends ContainerConnectionDetails<AtelierContainer>
            implements AtelierConnectionDetails {

        ContainerDetails(ContainerConnectionSource<AtelierContainer> source) {
            super(source);
        }

        @Override
        public URI url() {
            return getContainer().baseUrl();
        }
    }
}
