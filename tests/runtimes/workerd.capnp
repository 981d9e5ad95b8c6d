using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "program", worker = .program)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "program")]
);

const program :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker-of-workerd.js"),
    (name = "engine.wasm", wasm = embed "engine.wasm")
  ],
  # With the dates of a year later, it may also be compiled from bytes while a worker starts.
  compatibilityDate = "2025-01-01",
  compatibilityFlags = ["nodejs_compat"]
);
