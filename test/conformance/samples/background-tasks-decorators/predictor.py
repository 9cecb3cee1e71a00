from spell.serving import BasePredictor, with_background_tasks

done = []


async def some_task(foo, bar=1):
    done.append([foo, bar])


class Predictor(BasePredictor):
    def __init__(self):
        pass

    @with_background_tasks(name="bg_tasks")
    def predict(self, payload, bg_tasks):
        bg_tasks.add_task(some_task, "my_foo", bar=3)
        return done

    @with_background_tasks()
    def health(self, tasks):
        tasks.add_task(some_task, "other_foo")
        return done
