"""What Gradio lacks: each widget is a function that makes one gr.HTML, beside its script and its style."""
