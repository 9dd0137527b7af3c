# One recipe for every service; nothing but this folder is needed:
#   docker build --build-arg MODULE=gateway -t atelier-gateway .
# MODULE is gateway, generator-worker or splitter-worker; docker-compose.yml builds all three. With JARS=given the jars are those that
# "mvn -DskipTests package" has left in this folder; then nothing is compiled or downloaded.
# A generator worker for NVIDIA cards, on Linux x64; the host needs NVIDIA's driver and container toolkit:
#   docker build --target cuda --build-arg MODULE=generator-worker -t atelier-generator-worker:cuda .
ARG JAVA_VERSION=25
ARG JARS=built

# One build for all services. No tests and no analysis: mvn verify has those.
FROM maven:3.9-eclipse-temurin-25 AS built
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -Pquick -Dspring-boot.repackage.skip=false \
        -pl gateway,generator-worker,splitter-worker -am package \
    && mkdir /jars && cp */target/quick/*-exec.jar /jars

FROM eclipse-temurin:${JAVA_VERSION}-jre AS given
COPY */target/*-exec.jar /jars/

FROM ${JARS} AS jars

FROM eclipse-temurin:${JAVA_VERSION}-jre AS layers
ARG MODULE
WORKDIR /build
COPY --from=jars /jars/${MODULE}-*-exec.jar app.jar
# Unpacked, because jars inside a jar are slow to start; in layers, because libraries change less often than the application.
RUN java -Djarmode=tools -jar app.jar extract --layers --destination layers

# The libraries of ONNX Runtime for NVIDIA cards, 650 MB.
FROM maven:3.9-eclipse-temurin-25 AS cuda-libraries
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -Pquick,cuda -pl generator-worker -am prepare-package \
    && mv generator-worker/target/quick/onnxruntime-gpu/ai/onnxruntime/native/linux-x64 /onnxruntime

FROM eclipse-temurin:${JAVA_VERSION}-jre AS java

# ONNX Runtime 1.28 for Java needs CUDA 12 and cuDNN 9, while the packages of Python with that version need CUDA 13.
FROM nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04 AS cuda
COPY --from=java /opt/java/openjdk /opt/java/openjdk
COPY --from=cuda-libraries /onnxruntime /opt/onnxruntime
RUN mkdir /data && chown 10001:10001 /data
WORKDIR /app
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
ENV PATH=/opt/java/openjdk/bin:$PATH \
    LC_ALL=C.UTF-8 \
    ATELIER_BIND=0.0.0.0 \
    ATELIER_DATA=/data \
    ATELIER_HTTP_PORT=8080 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=1048576
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["java", "-Dfile.encoding=UTF-8", "-Donnxruntime.native.path=/opt/onnxruntime", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-jar", "app.jar"]
HEALTHCHECK --interval=3s --timeout=3s --start-period=3m --retries=5 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/$ATELIER_HTTP_PORT && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

# The last stage is what is built without --target.
FROM eclipse-temurin:${JAVA_VERSION}-jre
RUN mkdir /data && chown 10001:10001 /data
WORKDIR /app
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./

# The JVM decodes settings and names of files by the locale.
# More malloc arenas, or limits that grow with what is freed, only fragment what ONNX Runtime and RocksDB take beside the heap (docs/why/engines.md).
ENV LC_ALL=C.UTF-8 \
    ATELIER_BIND=0.0.0.0 \
    ATELIER_DATA=/data \
    ATELIER_HTTP_PORT=8080 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=1048576
USER 10001:10001
EXPOSE 8080

# The root file system may be read-only; /tmp must then be a tmpfs with exec, because native libraries are unpacked there if /data cannot be written.
# Half of the memory is for the heap: models, RocksDB and network buffers lie outside it.
# JDK_JAVA_OPTIONS adds flags of your own.
ENTRYPOINT ["java", "-Dfile.encoding=UTF-8", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-jar", "app.jar"]

# Not by curl, which the base image does not have.
HEALTHCHECK --interval=3s --timeout=3s --start-period=3m --retries=5 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/$ATELIER_HTTP_PORT && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
