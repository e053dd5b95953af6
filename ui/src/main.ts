import { mount } from "svelte";
import "./base.css";
import App from "./App.svelte";
import { chooseBackend } from "$lib/backend/choose";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no place for the app");

mount(App, { target, props: { backend: await chooseBackend() } });
