package io.atelier.generator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

class FileFailureTests {

    @Test
    void whatTheFileIsStays() {
        assertThat(failure(new NoSuchFileException("/m/unet/config.json")))
                .isEqualTo(damage("unet/config.json cannot be used: it is missing. Export it again."));
        assertThat(failure(new NotDirectoryException("/m/unet")))
                .isEqualTo(damage("unet/config.json cannot be used: it is no folder. Export it again."));
        assertThat(failure(new MalformedInputException(1)))
                .isEqualTo(damage("unet/config.json cannot be used: it is no text in UTF-8. Export it again."));
    }

    @Test
    void whatTheSystemCannotDoNowMayPass() {
        assertThat(failure(new FileSystemException("/m/unet/config.json", null, "Too many open files")))
                .isEqualTo(passing("Too many open files"));
        assertThat(failure(new IOException("Input/output error"))).isEqualTo(passing("Input/output error"));
        assertThat(failure(new AccessDeniedException("/m/unet/config.json"))).isEqualTo(passing("access is denied"));
        assertThat(failure(new FileSystemException("/m/unet/config.json"))).isEqualTo(passing("FileSystemException"));
    }

    private static Failure failure(IOException cause) {
        return FileFailure.of("unet/config.json", cause, "Export it again.").failure();
    }

    private static Failure damage(String message) {
        return new Failure(Code.NOT_CONFIGURED, message);
    }

    private static Failure passing(String reason) {
        return new Failure(
                Code.ENGINE_UNAVAILABLE,
                "unet/config.json cannot be read now: %s. Check the disk, and who may read the file."
                        .formatted(reason));
    }
}
