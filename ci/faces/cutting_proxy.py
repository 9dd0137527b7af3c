"""A proxy that cuts every connection a fixed time after its request began, as load balancers do.
usage: cutting_proxy.py PORT TARGET_PORT SECONDS"""
import asyncio
import sys

PORT, TARGET, SECONDS = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])


async def copy(source, sink):
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        sink.close()


async def serve(reader, writer):
    try:
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", TARGET)
    except OSError:
        writer.close()
        return
    both = asyncio.gather(copy(reader, upstream), copy(upstream_reader, writer))
    try:
        await asyncio.wait_for(both, SECONDS)
    except asyncio.TimeoutError:
        writer.transport.abort()
        upstream.transport.abort()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT)
    async with server:
        await server.serve_forever()


asyncio.run(main())
