package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.pipeline.Pipeline;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes jars of pipelines as a user does: compiles against the module that pipelines implement, and nothing else. */
final class PipelineJarBuilder {

    private final Path work;
    private final List<JavaFileObject> sources = new ArrayList<>();
    private final List<String> services = new ArrayList<>();
    private boolean hasServices = true;
    private int classVersion;

    /** @param work an empty folder */
    PipelineJarBuilder(Path work) {
        this.work = work;
    }

    /** A source file. */
    PipelineJarBuilder source(String type, String text) {
        sources.add(
                new SimpleJavaFileObject(
                        URI.create("string:///" + type.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                });
        return this;
    }

    /** A class that the jar names as a pipeline. */
    PipelineJarBuilder service(String type) {
        services.add(type);
        return this;
    }

    PipelineJarBuilder withoutServices() {
        hasServices = false;
        return this;
    }

    /** Makes the classes look as if they were compiled for another Java. */
    PipelineJarBuilder classVersion(int major) {
        classVersion = major;
        return this;
    }

    /** Makes the jar and moves it to its place. */
    void write(Path jar) throws IOException {
        var classes = Files.createTempDirectory(work, "classes");
        if (!sources.isEmpty()) {
            var compiler = ToolProvider.getSystemJavaCompiler();
            var options = List.of("-proc:none", "--release", "17", "-cp", spi().toString(), "-d", classes.toString());
            assertThat(compiler.getTask(null, null, null, options, null, sources)
                            .call())
                    .isTrue();
        }
        var file = Files.createTempFile(work, "pipeline", ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(file));
                var files = Files.walk(classes)) {
            if (hasServices) {
                out.putNextEntry(new JarEntry("META-INF/services/" + Pipeline.class.getName()));
                out.write(String.join("\n", services).getBytes(StandardCharsets.UTF_8));
            }
            for (var path : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                out.write(bytes(path));
            }
        }
        Files.move(file, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private byte[] bytes(Path path) throws IOException {
        var bytes = Files.readAllBytes(path);
        if (classVersion > 0) {
            bytes[6] = (byte) (classVersion >> 8);
            bytes[7] = (byte) classVersion;
        }
        return bytes;
    }

    private static Path spi() {
        try {
            return Path.of(Pipeline.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
